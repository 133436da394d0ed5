#!/usr/bin/env bash
# Puts libheif, newer than Debian's, and its decoder libde265 into .deps/heif: the two libraries and their licences.
source "$(dirname "$0")/common.sh"
folder=.deps/heif

is_complete() {
  is_unpacked_from pi_heif "$1" && [[ -s $1/lib/libheif.so ]] && compgen -G "$1/lib/libde265*.so.*" >/dev/null
}
is_complete "$folder" && exit 0

make_partial
wheel=$(scripts/download-wheel.sh pi_heif "$partial")
new=$partial/heif
mkdir -p "$new/lib" "$new/licenses"
unpack() {
  unzip -q -j "$wheel" 'pi_heif.libs/*' -d "$new/lib" &&
    unzip -q -j "$wheel" '*.dist-info/licenses/*' -d "$new/licenses"
}
unpack ||
  fail "the pi_heif wheel could not be unpacked. Is the disk full? Then run the same command again."
# The wheel names the licence; Debian has its text, which whoever passes the libraries on must add.
for text in LGPL-3 GPL-3; do
  [[ ! -f /usr/share/common-licenses/$text ]] || cp "/usr/share/common-licenses/$text" "$new/licenses/"
done
# The wheel's libraries have names of their own, "libheif-7a3e919c.so.1.23.0", by which they find each other once they know
# that they lie side by side.
for library in "$new"/lib/*; do
  patchelf --set-rpath "\$ORIGIN" "$library"
done
(cd "$new/lib" && ln -s libheif-*.so.* libheif.so) || fail "the pi_heif wheel has no libheif; please report this."
pin pi_heif >"$new/unpacked-from"
is_complete "$new" || fail "the pi_heif wheel lacks files that it should have; please report this."
put_folder "$new" "$folder"
say "libheif is in $folder."
