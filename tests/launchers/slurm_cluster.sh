#!/usr/bin/env bash
# Runs a command inside a real, private, one-node Slurm cluster:
#
#     tests/launchers/slurm_cluster.sh COMMAND [ARG...]
#
# Exits with COMMAND's status, 77 ("skipped") if Slurm or MUNGE isn't installed, 1 if the cluster
# doesn't come up. Several runs can go on at the same time, next to a cluster of the machine's own.
set -euo pipefail

start_limit=60 # seconds for the node to become idle
stop_limit=10  # seconds for jobs, and then for daemons, to end before they are killed
node_cpus=8    # more than the real ones may be: see config_overrides below

if (($# == 0)); then
    echo "usage: $0 COMMAND [ARG...]" >&2
    exit 2
fi

PATH+=:/usr/sbin:/sbin # ordinary users often don't have the daemons' folder in theirs
missing=()
for program in munged slurmctld slurmd sbatch srun; do
    command -v "$program" >/dev/null || missing+=("$program")
done
if ((${#missing[@]})); then
    echo "$0: skipped, not installed: ${missing[*]}" >&2
    exit 77
fi

# Inside a job of another cluster, its variables would turn our srun into a step of that job.
unset "${!SLURM_@}" "${!SBATCH_@}" "${!SALLOC_@}" "${!SCANCEL_@}" "${!SQUEUE_@}" "${!SINFO_@}"

# Not in TMPDIR: a socket's path has at most 107 characters, and munged rejects unsafe parents.
# munged also insists that everyone can reach its socket, hence the mode; its key stays private.
dir=$(mktemp -d /tmp/slurm-cluster.XXXXXX)
chmod 755 "$dir"
export SLURM_CONF=$dir/slurm.conf
daemons=()
command_pid=

# Every process of this cluster has its SLURM_CONF, which no process outside has: this also finds
# what a job, or a killed COMMAND, left behind. Not exported here, or it would find grep and cut.
cluster_pids() (
    export -n SLURM_CONF
    grep -lzxF "SLURM_CONF=$SLURM_CONF" /proc/[0-9]*/environ 2>/dev/null | cut -d/ -f3
)

clean_up() {
    local status=$? end pids
    trap '' INT TERM HUP
    set +e
    [[ -z $command_pid ]] || kill "$command_pid" 2>/dev/null
    # Jobs outlive slurmd, so they have to go while it can still stop them.
    if [[ -e $dir/started ]]; then
        timeout 5 scancel --user="$user" 2>/dev/null
        end=$((SECONDS + stop_limit))
        while [[ -n $(timeout 5 squeue -h 2>/dev/null) ]] && ((SECONDS < end)); do
            sleep 0.2
        done
    fi
    kill $(cluster_pids; jobs -pr) 2>/dev/null
    end=$((SECONDS + stop_limit))
    while pids=$(cluster_pids; jobs -pr) && [[ -n $pids ]]; do
        ((SECONDS < end)) || kill -KILL $pids 2>/dev/null
        sleep 0.1
    done
    rm -rf "$dir"
    exit "$status"
}
trap clean_up EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM

# A caller that loses patience may kill this script with SIGKILL, which no trap sees; the kernel's
# parent-death signal stops the daemons even then. In a session of their own they don't get a
# terminal's Ctrl-C, on which slurmctld kills its whole process group, this script included.
start() {
    local name=$1
    shift
    setsid setpriv --pdeathsig TERM "$@" >>"$dir/$name.log" 2>&1 </dev/null &
    daemons+=($!)
}

fail() {
    echo "$0: $1" >&2
    tail -n 20 "$dir"/*.log >&2 || true
    exit 1
}

# Waits until the given test holds, within the time left; gives up at once if a daemon has died.
wait_until() {
    local pid
    until "$@"; do
        for pid in "${daemons[@]}"; do
            kill -0 "$pid" 2>/dev/null || fail "a daemon ended while the cluster started"
        done
        ((SECONDS < start_limit)) || fail "the cluster wasn't ready within $start_limit s"
        sleep 0.1
    done
}

listening() { (: <>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }
node_is_idle() { [[ $(timeout 5 sinfo -h -o %t 2>/dev/null) == idle ]]; }

# Concurrent runs have different PIDs, so they look at different ports first and don't race for
# one. The range lies below the ephemeral ports, and above Slurm's usual 6817 and 6818.
port=$((20000 + $$ % 6000 * 2))
while listening "$port" || listening $((port + 1)); do
    port=$((port < 31998 ? port + 2 : 20000))
done

# config_overrides lets the node offer more CPUs and memory than the machine has. No cgroups: in a
# container they are often not writable. The short waits make for quick tests.
host=$(hostname -s)
user=$(id -un)
mkdir "$dir/state" "$dir/spool"
cat >"$SLURM_CONF" <<END
ClusterName=losscalc
SlurmctldHost=$host(127.0.0.1)
SlurmctldPort=$port
SlurmdPort=$((port + 1))
SlurmUser=$user
SlurmdUser=$user
AuthType=auth/munge
AuthInfo=socket=$dir/munge.socket
StateSaveLocation=$dir/state
SlurmdSpoolDir=$dir/spool
SlurmctldPidFile=$dir/slurmctld.pid
SlurmdPidFile=$dir/slurmd.pid
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
MpiDefault=none
SwitchType=switch/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
SlurmdParameters=config_overrides
ReturnToService=2
KillWait=2
SchedulerParameters=batch_sched_delay=0,bf_interval=1
NodeName=node1 NodeHostname=$host NodeAddr=127.0.0.1 CPUs=$node_cpus RealMemory=65536
PartitionName=test Nodes=node1 Default=YES MaxTime=INFINITE State=UP
END

(umask 077 && head -c 1024 /dev/urandom >"$dir/munge.key")
start munged munged --foreground --key-file="$dir/munge.key" --socket="$dir/munge.socket" \
    --pid-file="$dir/munged.pid" --log-file="$dir/munged.log" --seed-file="$dir/munge.seed"
wait_until test -S "$dir/munge.socket"
start slurmctld slurmctld -D
wait_until listening "$port"
touch "$dir/started"
start slurmd slurmd -D
wait_until node_is_idle

# In the background, so that a signal to this script is dealt with at once and not when COMMAND
# has ended. Its status is the script's.
status=0
"$@" <&0 &
command_pid=$!
wait "$command_pid" || status=$?
command_pid=
exit "$status"
