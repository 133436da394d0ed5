#!/usr/bin/env bash
# Has schemathesis try the service in the ways that its own description, /openapi.json, allows, and in some that it forbids.
source "$(dirname "$0")/common.sh"
source scripts/service.sh

venv=.build/api-test
make_environment "$venv" Tests/API/requirements.txt
ffmpeg -nostdin -v error -y -i samples/astronaut.png -vf scale=256:-1 "$venv/photo.jpg"
ffmpeg -nostdin -v error -y -loop 1 -i "$venv/photo.jpg" -frames:v 3 -pix_fmt yuv420p "$venv/clip.mp4"

# Patience on both sides: on a busy machine the heavy model takes many seconds to search thoroughly.
export STANCE_QUEUE_TIME=60s STANCE_REQUEST_TIME=60s
# Jobs of this run alone.
jobs=$PWD/$venv/jobs
rm -rf "$jobs"
mkdir -p "$jobs/photos"
cp "$venv/photo.jpg" "$jobs/photos"
start_service .build/release/stance serve --jobs "sqlite:$jobs/jobs.db" --job-folder "photos=$jobs/photos"
export SCHEMATHESIS_HOOKS=$PWD/Tests/API/hooks.py
# DELETE cancels a job that goes on, which is still there then.
settings=$PWD/Tests/API/schemathesis.toml
(cd "$venv" && bin/schemathesis --config-file "$settings" run "$address/openapi.json" --exclude-path /v1/live \
  --exclude-checks use_after_free --request-timeout 60 --max-examples "${API_EXAMPLES:-50}" --seed "${API_SEED:-1}" --warnings off)
stop_service
