#!/usr/bin/env bash
# Says in one sentence what is wrong when there is no Swift, or one that is too old.
source "$(dirname "$0")/common.sh"
wanted=6.3

command -v swift >/dev/null ||
  fail "there is no swift in PATH. Install Swift $wanted or newer (swift.org/install), then run the same command again."
version=$(swift --version 2>/dev/null | sed -nE 's/.*Swift version ([0-9]+(\.[0-9]+)*).*/\1/p' | head -n 1)
[[ -n $version ]] || fail "'swift --version' does not work; run it by hand to see why."
oldest=$(printf '%s\n' "$wanted" "$version" | sort --version-sort | head -n 1)
[[ $oldest == "$wanted" ]] ||
  fail "Swift $version is too old; Stance needs $wanted or newer (swift.org/install)."
