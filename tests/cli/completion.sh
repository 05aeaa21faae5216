#!/bin/sh
# Completes command lines in a shell and compares: each has one completion of its last word.
# Usage: completion.sh bash|zsh|fish LOSSCALC
set -eu
shell=$1
PATH="$(dirname "$2"):$PATH"
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
losscalc completion "$shell" > "$scratch/_losscalc"

# A line of words, and what its last word becomes.
cat > "$scratch/cases" <<'CASES'
losscalc gradch:gradcheck
losscalc compute --per-s:--per-sample
losscalc compute --reduction batch:batchmean
losscalc compute -l smooth:smooth-l1
losscalc compute -l mse+smooth:mse+smooth-l1
losscalc list --task regress:regression
losscalc list --library sk:sklearn
losscalc gradcheck --method ridd:ridders
losscalc describe smooth:smooth-l1
losscalc help gradch:gradcheck
CASES

complete_in_bash() {
  bash -c '. "$1"; read -ra COMP_WORDS <<< "$2"; COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); _losscalc; echo "${COMPREPLY[*]}"' - "$scratch/_losscalc" "$1"
}

complete_in_fish() {
  fish --no-config -c 'source $argv[1]; complete -C $argv[2] | string replace -r "\t.*" ""; true' "$scratch/_losscalc" "$1"
}

# A terminal of zsh's own, where a function in the program's place prints the line that was completed.
complete_in_zsh() {
  zsh -f -c '
    zmodload zsh/zpty
    zpty shell "TERM=dumb zsh -f -i"
    zpty -w shell "PS1= PS2=; unsetopt zle_bracketed_paste; fpath=($1 \$fpath); autoload -U compinit; compinit -u -D; losscalc() { print -r \"<\${@[-1]}>\" }; print rea\"\"dy"
    zpty -r shell output "*ready*"
    zpty -w -n shell "$2"$'"'\\t\\n'"'
    zpty -r shell output "*<*>*"
    output=${output##*<}
    print -r -- "${output%%>*}"
  ' - "$scratch" "$1"
}

status=0
while IFS=: read -r line expected; do
  found=$("complete_in_$shell" "$line" < /dev/null)
  if [ "$found" != "$expected" ]; then
    echo "$shell: '$line' is completed to '$found', not '$expected'"
    status=1
  fi
done < "$scratch/cases"
exit $status
