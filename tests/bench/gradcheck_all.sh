#!/bin/sh
# Zero false alarms at full size: every loss, with every form of prediction and every link, 1e5 entries in each regime, ten
# seeds. About a minute a seed on two cores; prints what failed.
# Usage: gradcheck_all.sh LOSSCALC [SEEDS]
set -eu
losscalc=$1
status=0
for seed in $(seq "${2:-10}"); do
  "$losscalc" gradcheck --all --entries 100000 --seed "$seed" --json -q |
    jq -r --arg seed "$seed" '"seed \($seed): \([.checks[].counts.entries] | add) entries, \([.checks[].counts.failed] | add) failed, \([.checks[].counts.kinks] | add) at kinks, \([.checks[].counts.inconclusive] | add) inconclusive", (.checks[] | select(.passed | not) | "  FAILED: \(.loss)")' || status=1
done
exit $status
