#!/usr/bin/env bash
# Runs losscalc under a real launcher, merges what its processes wrote, and holds the result against a single run.
#
#     tests/launchers/launchers.sh parallel|mpirun|slurm LOSSCALC
#
# Exits with 77, which ctest takes as skipped, where the launcher is not installed.
set -euo pipefail
launcher=$1
losscalc=$(realpath "$2")
here=$(cd "$(dirname "$0")" && pwd)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"

need() {
  command -v "$1" >/dev/null || { echo "$1 is not installed"; exit 77; }
}

# 40000 samples of three classes: each of four shards has several whole blocks, so the merged value must have the bits
# of the single run.
seq 1 40000 | awk '{a = $1 * 7919 % 1009 + 1; b = $1 * 104729 % 997 + 1; c = $1 * 31 % 101 + 1; s = a + b + c
                    printf "%.17g,%.17g,%.17g,%d\n", a / s, b / s, c / s, $1 % 3}' > data.csv
job=("$losscalc" compute -q -l "cross-entropy + 0.5*dice" -p 'data.csv#col=1-3' -t 'data.csv#col=4' --per-class)
"${job[@]}" > single.txt

case $launcher in
  parallel)
    need parallel
    parallel --will-cite -j 2 "${job[@]@Q}" --shard '{}/4' --partial 'part-{shard}.json' ::: 1 2 3 4
    ;;
  mpirun)
    need mpirun
    # Open MPI refuses root and more ranks than cores unless told otherwise.
    OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1 \
      mpirun --oversubscribe -n 4 "${job[@]}" --shard auto --partial 'part-{shard}.json'
    ;;
  slurm)
    printf "#!/bin/sh\n%s --shard auto --partial 'part-{shard}.json'\n" "${job[*]@Q}" > job.sh
    "$here/slurm_cluster.sh" sbatch --wait --quiet --array=1-4 --chdir="$scratch" --output=task-%a.log job.sh
    cat task-*.log
    ;;
  *)
    echo "unknown launcher: $launcher"
    exit 2
    ;;
esac

"$losscalc" merge -q part-*.json > merged.txt
diff single.txt merged.txt
head -n 1 merged.txt
