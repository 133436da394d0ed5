#!/usr/bin/env bash
# Puts the headers of Boost 1.81 into .deps/boost, for the build alone: nothing of them is installed or loaded.
# Not as a Debian package like the others: libboost1.81-dev cannot stand beside libboost-dev, and would remove it.
source "$(dirname "$0")/common.sh"
package=libboost1.81-dev
version=108100
folder=.deps/boost

is_complete() {
  local headers=$1/usr/include/boost
  [[ -s $headers/asio.hpp && -s $headers/beast.hpp && -s $headers/version.hpp ]] &&
    grep -q "^#define BOOST_VERSION $version$" "$headers/version.hpp"
}
is_complete "$folder" && exit 0

for program in apt-get dpkg-deb; do
  command -v "$program" >/dev/null ||
    fail "this is not Debian, so Boost cannot be got. Put the headers of Boost 1.81 into $folder/usr/include/boost."
done
make_partial

say "Downloading $package"
download_packages "$package"

# The headers alone, and their licence; what is whole is moved into place at once.
new=$partial/boost
mkdir "$new"
dpkg-deb --fsys-tarfile "$partial/${package}"_*.deb |
  tar --extract --directory "$new" ./usr/include ./usr/share/doc/"$package"/copyright ||
  fail "the Boost package could not be unpacked. Is the disk full? Then run the same command again."
is_complete "$new" || fail "the Boost package lacks headers that it should have; please report this."

put_folder "$new" "$folder"
say "Boost is in $folder."
