#!/usr/bin/env bash
# blender-test.sh [CLIP]: has Blender import the figures of a clip's first person, compares their joints with the landmarks, and
# renders both from the video's side: out/blender. Without a clip made-up results are taken.
source "$(dirname "$0")/common.sh"

# Its glTF importer needs numpy.
scripts/setup-packages.sh blender python3-numpy ffmpeg
folder=out/blender
rm -rf "$folder"
mkdir -p "$folder"
stance=.build/release/stance
if [[ -n ${1:-} ]]; then
  "$stance" video "$1" --json --max-people 1 >"$folder/results.jsonl"
  for time in 0.25 0.5 0.75; do
    length=$(ffprobe -v error -show_entries format=duration -of csv=p=0 "$1")
    at=$(awk -v part="$time" -v length="$length" 'BEGIN { print part * length }')
    ffmpeg -nostdin -v error -y -ss "$at" -i "$1" -frames:v 1 -vf scale=-1:480 "$folder/clip_$time.png"
  done
else
  (cd Tests/Formats && python3 -c "import made; made.write_results('../../$folder/results.jsonl')")
fi
"$stance" export "$folder/results.jsonl" --export "$folder/figure.bvh" --export "$folder/figure.glb"
bvh=$(find "$folder" -name 'figure*.bvh' | sort | head -n 1)
blender --background --python-exit-code 1 --python Tests/Formats/blender.py -- \
  "$folder/results.jsonl" "$bvh" "$folder/figure.glb" 1 "$folder" 2>&1 | grep -Ev '^( *Time|Fra:|Saved|$)' || exit 1
say "Look at the pictures in $folder: the figure must face as in the clip, upright, the left (orange) on its left."
