#!/usr/bin/env bash
# What the tests of the job stores need: Redis, the clients' libraries, and PostgreSQL's programs unpacked in .deps/postgresql.
# Debian's packages of the two servers would start them with the machine: of Redis the package of tools has all that is
# needed, of PostgreSQL nothing is installed.
source "$(dirname "$0")/common.sh"
version=15
folder=.deps/postgresql

scripts/setup-packages.sh redis-tools libhiredis0.14 libpq5 libicu72 libxml2

is_complete() {
  local programs=$1/usr/lib/postgresql/$version/bin
  [[ -x $programs/initdb && -x $programs/pg_isready ]] && "$programs/postgres" --version &>/dev/null
}
# One that is installed will do.
! is_complete "" || exit 0
! is_complete "$folder" || exit 0

make_partial
say "Downloading postgresql-$version"
download_packages "postgresql-$version" "postgresql-client-$version"
new=$partial/postgresql
for package in "$partial/postgresql"-*.deb; do
  dpkg-deb --extract "$package" "$new" ||
    fail "$package could not be unpacked. Is the disk full? Then run the same command again."
done
is_complete "$new" || fail "PostgreSQL's programs can't be run here; please report this."
put_folder "$new" "$folder"
say "PostgreSQL is in $folder."
