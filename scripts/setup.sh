#!/usr/bin/env bash
# setup.sh [--retry]: everything that a build needs. What is there already is only looked at; whatever failed or was interrupted
# goes on from there when it is run again. Afterwards nothing touches the network.
source "$(dirname "$0")/common.sh"

# Two makes at once take turns.
mkdir -p .deps
exec {lock}>.deps/lock
flock --nonblock "$lock" || { say "Waiting for another set-up of this folder"; flock --timeout 3600 "$lock"; } ||
  fail "another set-up of this folder did not end within an hour."
# What an interrupted set-up left.
rm -rf .deps/partial.*

scripts/setup-packages.sh
scripts/check-swift.sh
scripts/setup-openvino.sh
scripts/setup-heif.sh
scripts/setup-boost.sh
scripts/setup-models.sh "$@"
scripts/setup-sample.sh
