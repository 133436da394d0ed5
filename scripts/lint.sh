#!/usr/bin/env bash
# All checks that need no build; every one is run, also after a failure.
source "$(dirname "$0")/common.sh"

failed=()
# check NAME COMMAND…
check() {
  say "$1"
  "${@:2}" || failed+=("$1")
}

check "swift format" swift format lint --strict --recursive Sources Tests Benchmarks Fuzzing Package.swift
check "models table" scripts/check-models.sh
check "house rules" scripts/check-sources.sh
if command -v shellcheck >/dev/null; then
  mapfile -t scripts < <(git ls-files --cached --others --exclude-standard -- '*.sh' .ci/run)
  check "shellcheck" shellcheck "${scripts[@]}"
else
  warn "shellcheck is not installed, so the scripts were not checked (Debian package shellcheck)."
fi
((${#failed[@]} == 0)) || fail "not clean: ${failed[*]}."
