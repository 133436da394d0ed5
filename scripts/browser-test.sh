#!/usr/bin/env bash
# Starts the built service on a free port, runs the browser's checks against it, and stops it.
source "$(dirname "$0")/common.sh"
source scripts/service.sh

for program in chromium chromedriver; do
  command -v "$program" >/dev/null || fail "$program is missing: install Debian's chromium and chromium-driver."
done
venv=.build/browser-test
make_environment "$venv" Tests/Browser/requirements.txt

axe=$venv/axe/axe.min.js
if [[ ! -s $axe ]]; then
  mkdir -p "$venv/axe"
  wheel=$(scripts/download-wheel.sh axe-playwright-python "$venv/axe")
  unzip -q -o -j "$wheel" axe_playwright_python/axe.min.js -d "$venv/axe"
fi

jobs=out/browser-jobs
rm -rf "$jobs"
mkdir -p "$jobs"
start_service .build/release/stance serve --allowed-host stance.test --jobs "sqlite:$jobs/jobs.db"
"$venv/bin/python" Tests/Browser/run.py --base "$address" --photo samples/astronaut.png --axe "$axe" --output out/browser
stop_service
