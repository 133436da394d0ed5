#!/usr/bin/env bash
# What swift format does not look for: calls that end the program on bad input, all of Foundation in a program, and
# folders of one person's machine.
source "$(dirname "$0")/common.sh"

found=0
# forbid REASON PATTERN PATH…: in the files that git has or would have.
forbid() {
  local lines
  lines=$(git grep --untracked --no-color -nIE "$2" -- "${@:3}" ':!scripts/check-sources.sh') || return 0
  printf '%s\n' "$lines" >&2
  warn "$1"
  found=1
}
forbid "these end the program: throw an error instead." '\btry!|\bas!|\bfatalError\(' Sources
forbid "all of Foundation makes the program 50 MB larger: FoundationEssentials, or the C library." \
  '^ *((public|package|internal|private) )?import Foundation$' Sources
forbid "these folders are on one machine only." '/(home|Users|work|root)/[A-Za-z]' .
exit "$found"
