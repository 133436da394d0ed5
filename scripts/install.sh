#!/usr/bin/env bash
# install.sh PREFIX: copies what `make build` left into a layout that works from any place, also after it was moved:
#
#   bin/stance              its libraries and models are found relative to it
#   libexec/stance/         stance-decode
#   lib/stance/             the OpenVINO libraries, libheif and libde265
#   share/stance/models/
#   share/stance/page/      the page's files, for a web server in front (the program carries its own)
#   share/doc/stance/       licences
#
# With DESTDIR in the environment everything goes below that folder, as packagers need it.
source "$(dirname "$0")/common.sh"
prefix=${1:-}
[[ $prefix == /* ]] || fail "PREFIX must be an absolute path; $prefix is not."
into=${DESTDIR:-}$prefix

for needed in .build/release/stance .build/release/stance-decode .deps/openvino/lib .deps/heif/lib models/pose_detection.tflite; do
  [[ -e $needed ]] || fail "$needed is not there yet: run \`make build\` first."
done
command -v patchelf >/dev/null || fail "patchelf is missing: run \`make setup\` first."

make_partial
# put_program NAME FOLDER RUN-PATH: the run path takes the place of the one that names the build machine's folders.
put_program() {
  local copy=$partial/$1
  install -m 755 ".build/release/$1" "$copy"
  strip --strip-debug "$copy"
  patchelf --set-rpath "$3" "$copy"
  install -D -m 755 "$copy" "$into/$2/$1"
}
# put_files FOLDER FILE…
put_files() {
  install -d -m 755 "$into/$1"
  install -m 644 -t "$into/$1" "${@:2}"
}

# $ORIGIN is the loader's word for the program's own folder.
put_program stance bin "\$ORIGIN/../lib/stance"
put_program stance-decode libexec/stance "\$ORIGIN/../../lib/stance"
mapfile -t libraries < <(find .deps/openvino/lib .deps/heif/lib -type f -name '*.so*')
# An older version's would stay beside the new ones.
rm -f -- "$into/libexec/stance/stance-heif"
rm -f -- "$into"/lib/stance/*.so*
put_files lib/stance "${libraries[@]}"
models=()
while read -r file; do
  [[ ! -e models/$file ]] || models+=("models/$file")
done < <(rows scripts/models.txt | awk '!/^ / { print $3 }')
put_files share/stance/models "${models[@]}"
put_files share/stance/page Sources/CPage/page/*
put_files share/doc/stance LICENSE THIRD_PARTY_NOTICES.md
put_files share/doc/stance/openvino .deps/openvino/licenses/*
put_files share/doc/stance/heif .deps/heif/licenses/*

# check_libraries PROGRAM LIBRARY: it finds our own copy of the library, and everything else that it loads.
check_libraries() {
  local loaded found
  loaded=$(ldd "$into/$1")
  found=$(sed -nE "s/.*$2.* => (.*) \(0x.*/\1/p" <<<"$loaded")
  [[ $found -ef $(echo "$into"/lib/stance/"$2"*) ]] ||
    fail "the installed $1 does not find its own $2; please report this."
  if grep -F 'not found' <<<"$loaded" >&2; then fail "the libraries above are missing: run \`make setup\`."; fi
}
check_libraries bin/stance libopenvino.so.
check_libraries libexec/stance/stance-decode libheif-
say "Stance is in $into/bin/stance."
