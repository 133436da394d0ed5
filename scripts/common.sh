# shellcheck shell=bash
# Sourced by the other scripts: strict mode, the project's root as working folder, plain sentences, checksums.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

say() { printf '%s\n' "$*"; }
warn() { printf 'warning: %s\n' "$*" >&2; }
fail() {
  printf 'error: %s\n' "$*" >&2
  exit 1
}

# rows FILE: the lines of a table, without comments and blank lines.
rows() { grep -Ev '^[[:space:]]*(#|$)' "$1"; }

# sha256 FILE: its digest, 64 lower-case hexadecimal digits.
sha256() { sha256sum -- "$1" | cut -d ' ' -f 1; }

# is_file_with SHA256 FILE: whether the file is there and is the one that was published.
is_file_with() { [[ -f $2 && $(sha256 "$2") == "$1" ]]; }

# put SHA256 FROM TO: copies a file whole or not at all, and only if it is the one that was published.
put() {
  local partial
  partial=$(dirname "$3")/.$(basename "$3").partial
  mkdir -p "$(dirname "$3")"
  if install -m 644 -- "$2" "$partial" && is_file_with "$1" "$partial"; then
    mv -f -- "$partial" "$3"
  else
    rm -f -- "$partial"
    return 1
  fi
}

# make_partial: an empty folder, named by $partial, on the same disk as what set-up makes; removed at the end.
make_partial() {
  mkdir -p .deps
  partial=$(mktemp -d .deps/partial.XXXXXX)
  trap 'rm -rf "$partial"' EXIT
}

# download_packages PACKAGE…: Debian's, into $partial. apt compares them with the checksums in Debian's signed lists. As root it
# would complain that its own user cannot write there.
download_packages() {
  local as_root=()
  ((EUID == 0)) || as_root=(sudo -n)
  download() {
    (cd "$partial" && apt-get --quiet=2 -o APT::Sandbox::User=root -o Acquire::Retries=2 download "$@" </dev/null)
  }
  # Lists that are missing or old name no file that is there.
  download "$@" || { "${as_root[@]}" apt-get --quiet=2 update </dev/null >/dev/null && download "$@"; } ||
    fail "apt-get could not download $*; its own message is above. When that is mended, or after
  apt-get update
as root, run the same command again."
}

# pin PACKAGE: the row of wheels.txt for this machine.
pin() {
  rows scripts/wheels.txt |
    awk -v p="$1" -v m="$(uname -m)" '$1 == p && ($3 == m || $3 == "any") { $1 = $1; print; exit }'
}

# is_unpacked_from PACKAGE FOLDER: what is unpacked in the folder is the wheel that is pinned now.
is_unpacked_from() { [[ -f $2/unpacked-from && $(<"$2/unpacked-from") == "$(pin "$1")" ]]; }

# put_folder NEW FOLDER: at once, in the place of one that is there. After make_partial.
put_folder() {
  [[ ! -e $2 ]] || mv "$2" "$partial/old"
  mv "$1" "$2"
}

# make_environment FOLDER REQUIREMENTS: a Python environment with these packages; one that was left half-made is made anew.
make_environment() {
  "$1/bin/python" -m pip --version &>/dev/null || python3 -m venv --clear "$1" ||
    fail "Python can't make an environment: install Debian's python3-venv."
  "$1/bin/python" -m pip install --quiet --requirement "$2"
}
