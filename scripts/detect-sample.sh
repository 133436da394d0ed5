#!/usr/bin/env bash
# detect-sample.sh PHOTO: finds the people in a photo, prints a line for each, draws them, and says where the picture lies.
source "$(dirname "$0")/common.sh"
photo=$1
name=$(basename "$photo")
picture=out/${name%.*}.jpg

[[ -f $photo ]] || fail "there is no photo at $photo. Name one: make detect PHOTO=FILE"
mkdir -p out
.build/release/stance detect "$photo"
.build/release/stance detect "$photo" --output "$picture"
say "The picture lies in $picture."
