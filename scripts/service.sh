# shellcheck shell=bash
# Sourced by the scripts that check a running service.

# start_service COMMAND…: runs the command that starts it, on a free port of 127.0.0.1, and returns when the service is ready;
# sets $address. When the script ends, so does the service.
start_service() {
  command -v curl >/dev/null || fail "curl is missing."
  local port log=out/service.log
  mkdir -p out
  port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
  address=http://127.0.0.1:$port
  STANCE_PORT=$port "$@" >"$log" 2>&1 &
  service=$!
  trap 'kill "$(program)" 2>/dev/null; wait "$service" || true' EXIT
  for _ in $(seq 120); do
    curl --silent --fail --output /dev/null "$address/readyz" && return
    kill -0 "$service" 2>/dev/null || fail "the service did not start: $(tail -n 5 "$log")"
    sleep 1
  done
  fail "the service was not ready in time: $(tail -n 5 "$log")"
}

# program: the service's process, which may be a child of the command that was run.
program() {
  local children
  children=$(cat "/proc/$service/task/$service/children" 2>/dev/null) || true
  echo "${children:-$service}" | cut -d ' ' -f 1
}

# stop_service: asks it to end, which it must do by itself and with success.
stop_service() {
  trap - EXIT
  kill "$(program)"
  wait "$service" || fail "the service ended with status $? after SIGTERM: $(tail -n 5 out/service.log)"
}
