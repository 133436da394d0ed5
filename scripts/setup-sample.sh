#!/usr/bin/env bash
# Puts the sample photo into samples/: NASA's portrait of the astronaut Eileen Collins, public domain, from the
# scikit-image wheel. Stance works without it, so a failure is only a warning.
source "$(dirname "$0")/common.sh"
photo=samples/astronaut.png
digest=88431cd9653ccd539741b555fb0a46b61558b301d4110412b5bc28b5e3ea6cb5
is_file_with "$digest" "$photo" && exit 0

make_partial
if wheel=$(scripts/download-wheel.sh scikit-image "$partial") &&
  unzip -q -p "$wheel" skimage/data/astronaut.png >"$partial/photo" &&
  put "$digest" "$partial/photo" "$photo"; then
  say "The sample photo is $photo."
else
  warn "the sample photo could not be had; \`make detect PHOTO=FILE\` takes one of yours."
fi
