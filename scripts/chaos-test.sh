#!/usr/bin/env bash
# Jobs under kill -9, full disks, frozen workers, wrong clocks and cut networks (Tests/Chaos/run.py); its arguments are passed on.
source "$(dirname "$0")/common.sh"

scripts/setup-packages.sh ffmpeg python3 faketime iproute2
# What can't be had is skipped below, with the reason.
scripts/setup-databases.sh || warn "Redis or PostgreSQL is missing."
exec python3 Tests/Chaos/run.py "$@"
