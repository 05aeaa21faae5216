#!/bin/sh
# Holds the options of the manual pages (those of all commands stand in losscalc.1) against the program's help, and the losses of the manual against its list.
# Usage: manual_options.sh LOSSCALC MAN_FOLDER
set -eu
losscalc=$1
man=$2
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
status=0

options_of_page() {
  grep -oE '^\.It .*' "$man/losscalc-$1.1" | grep -oE 'Fl -[a-z][a-z0-9-]*' | sed 's/^Fl /-/' | sort -u
}

for command in compute gradcheck match merge list describe; do
  "$losscalc" "$command" --help | grep -oE -- '^ {2,6}((-[a-zA-Z], )?--[a-z][a-z0-9-]* ?)+' | grep -oE -- '--[a-z][a-z0-9-]*' | grep -vE -- '--(help|version|color)$' | sort -u > "$scratch/help"
  options_of_page "$command" > "$scratch/manual"
  # What gradcheck and match share with compute is explained there alone.
  if [ "$command" = gradcheck ] || [ "$command" = match ]; then
    options_of_page compute | grep -xF -f "$scratch/help" | sort -u - "$scratch/manual" > "$scratch/both"
    mv "$scratch/both" "$scratch/manual"
  fi
  if ! diff "$scratch/help" "$scratch/manual" > "$scratch/difference"; then
    echo "losscalc-$command.1: options that differ (<: only in --help, >: only in the manual)"
    grep '^[<>]' "$scratch/difference"
    status=1
  fi
done

"$losscalc" list --json | grep -oE '"name": "[^"]*"' | sed 's/.*: "\(.*\)"/\1/' | sort > "$scratch/list"
sed -n '/^\.Ss Losses/,/^\.S[sh] /p' "$man/losscalc-compute.1" | sed -n 's/^\.It Cm \(.*\)/\1/p' | sort > "$scratch/manual"
if ! diff "$scratch/list" "$scratch/manual" > "$scratch/difference"; then
  echo "losscalc-compute.1: losses that differ (<: only in the program, >: only in the manual)"
  grep '^[<>]' "$scratch/difference"
  status=1
fi
[ -s "$scratch/list" ] || { echo "the program lists no loss"; status=1; }
exit $status
