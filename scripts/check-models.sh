#!/usr/bin/env bash
# Compares the files of models.txt and their checksums with the program's own table.
source "$(dirname "$0")/common.sh"
source=Sources/Inference/Model.swift

ours=$(rows scripts/models.txt | awk '!/^ / { print $3, $4 }' | sort)
# A file of the program's: its name and sha256, one after the other, as string literals, however the lines are broken.
programs=$(tr -s ' \n' ' ' <"$source" |
  grep -oE '"[^"]*", sha256: "[^"]*"' | sed -E 's/sha256: |[",]//g' | sort)
if ! differences=$(diff <(printf '%s\n' "$ours") <(printf '%s\n' "$programs")); then
  fail "scripts/models.txt (<) and $source (>) do not name the same files of models:
$differences"
fi
