#!/usr/bin/env bash
# Draws small videos of all kinds with the built program and checks them with ffprobe and in Chromium (Tests/Clips/run.py).
source "$(dirname "$0")/common.sh"

scripts/setup-packages.sh ffmpeg python3
python=python3
if command -v chromium >/dev/null && command -v chromedriver >/dev/null; then
  venv=.build/browser-test
  make_environment "$venv" Tests/Browser/requirements.txt
  python=$venv/bin/python
else
  warn "chromium or chromedriver is missing, so nothing is played: install Debian's chromium and chromium-driver."
fi
"$python" Tests/Clips/run.py --program .build/release/stance
