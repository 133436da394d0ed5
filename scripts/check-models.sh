#!/usr/bin/env bash
# Compares the models of models.txt with the program's own table.
source "$(dirname "$0")/common.sh"
source=Sources/Inference/Model.swift

ours=$(rows scripts/models.txt | awk '{ print $1, $3, $4 }' | sort)
# A model of the program's: its name, file and sha256, in that order, as string literals.
programs=$(tr '\n' ' ' <"$source" |
  grep -oE 'name: "[^"]*", *file: "[^"]*", *sha256: *"[^"]*"' | sed -E 's/[a-z0-9]+: *|[",]//g' | tr -s ' ' | sort)
if ! differences=$(diff <(printf '%s\n' "$ours") <(printf '%s\n' "$programs")); then
  fail "scripts/models.txt (<) and $source (>) do not name the same models:
$differences"
fi
