#!/bin/sh
# Lints the manual's markup in a folder of its own, where the pages find each other.
# Usage: manual_markup.sh MAN_FOLDER
set -eu
export PATH="$PATH:/usr/sbin"
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
mkdir "$scratch/man1"
cp "$1"/*.1 "$scratch/man1"
makewhatis "$scratch"
MANPATH=$scratch mandoc -T lint -W style "$scratch"/man1/*.1
