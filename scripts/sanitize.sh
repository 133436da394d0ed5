#!/usr/bin/env bash
# All tests under one sanitizer: scripts/sanitize.sh thread|address.
source "$(dirname "$0")/common.sh"

sanitizer=$1
scratch=.build-$sanitizer
swift build --product stance-decode
swift build --build-tests "--sanitize=$sanitizer" --scratch-path "$scratch"
# The decoder's process has a memory limit, which a sanitizer's own needs exceed by far: it stays as it is.
cp .build/debug/stance-decode "$scratch/debug/stance-decode"
# The network's tests have deadlines, so they run by themselves, as in `make test`; so do those of videos.
run() { swift test --skip-build --disable-xctest "--sanitize=$sanitizer" --scratch-path "$scratch" "$@"; }
network='HTTPServerTests|StanceServiceTests'
run --skip "$network"
SWT_EXPERIMENTAL_MAXIMUM_PARALLELIZATION_WIDTH=8 run --filter "$network" --skip VideoServiceTests
run --filter VideoServiceTests
