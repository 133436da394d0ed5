#!/usr/bin/env bash
# Exports made-up results in all formats with the built program, and has the programs that people use read them.
source "$(dirname "$0")/common.sh"

command -v assimp >/dev/null || fail "assimp is missing: install Debian's assimp-utils."
venv=.build/formats-test
make_environment "$venv" Tests/Formats/requirements.txt
# Of Pose2Sim the reader alone: the rest of it needs a desktop's worth of packages.
"$venv/bin/python" -m pip install --quiet --no-deps pose2sim==0.10.49
"$venv/bin/python" Tests/Formats/run.py --program .build/release/stance
