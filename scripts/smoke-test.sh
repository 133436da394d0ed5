#!/usr/bin/env bash
# What a newcomer does first: `make detect`, then `make run` and a photo sent to it. Both must find the one person.
source "$(dirname "$0")/common.sh"
source scripts/service.sh
photo=samples/astronaut.png

make detect PHOTO="$photo"
start_service make run
people=$(
  curl --silent --show-error --fail --data-binary "@$photo" --header 'Content-Type: image/png' "$address/v1/pose" |
    python3 -c 'import json, sys; print(len(json.load(sys.stdin)["people"]))'
)
[[ $people == 1 ]] || fail "the service found $people people in $photo, and not the one who is there."
[[ $(curl --silent --fail "$address/") == *'<title>'* ]] || fail "there is no page at $address/."
stop_service
say "The service found her too, and ended when it was asked to."
