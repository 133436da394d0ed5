#!/usr/bin/env bash
# Starts the built service on a free port, runs the browser's checks against it, and stops it.
source "$(dirname "$0")/common.sh"

for program in chromium chromedriver; do
  command -v "$program" >/dev/null || fail "$program is missing: install Debian's chromium and chromium-driver."
done
venv=.build/browser-test
[[ -x $venv/bin/python ]] || python3 -m venv "$venv"
"$venv/bin/python" -m pip install --quiet --requirement Tests/Browser/requirements.txt

log=$venv/serve.log
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
.build/release/stance serve --port "$port" >"$log" 2>&1 &
service=$!
trap 'kill "$service" 2>/dev/null; wait "$service" || true' EXIT
for _ in $(seq 100); do
  curl --silent --fail --output /dev/null "http://127.0.0.1:$port/readyz" && break
  kill -0 "$service" 2>/dev/null || fail "the service did not start: $(tail -n 1 "$log")"
  sleep 0.1
done
"$venv/bin/python" Tests/Browser/run.py --base "http://127.0.0.1:$port" --photo samples/astronaut.png --output out/browser
