#!/usr/bin/env bash
# Installs the Debian packages of packages.txt that are missing, and those named as arguments.
# Nothing is run as root when all are there.
source "$(dirname "$0")/common.sh"

if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
  warn "this is not Debian, so no package was installed. The build needs what scripts/packages.txt names."
  exit 0
fi

mapfile -t wanted < <(rows scripts/packages.txt; printf '%s\n' "$@" | grep . || true)
# dpkg-query fails when it knows one of the names not at all; what it prints is right all the same.
installed=$(dpkg-query --show --showformat '${Package} ${db:Status-Status}\n' "${wanted[@]}" 2>/dev/null || true)
missing=()
for package in "${wanted[@]}"; do
  grep -qxF "$package installed" <<<"$installed" || missing+=("$package")
done
((${#missing[@]} == 0)) && exit 0

by_hand="apt-get update && apt-get install --no-install-recommends ${missing[*]}"
as_root=()
if ((EUID != 0)); then
  command -v sudo >/dev/null ||
    fail "these Debian packages are missing, and there is no sudo to install them: ${missing[*]}
Run this as root, then the same command again:
  $by_hand"
  as_root=(sudo)
  # Without a terminal nobody can type a password: sudo must not wait for one.
  [[ -t 0 ]] || as_root=(sudo -n)
fi
as_root+=(env DEBIAN_FRONTEND=noninteractive)

say "Installing Debian packages: ${missing[*]}"
apt() { "${as_root[@]}" apt-get --quiet=2 -o Dpkg::Use-Pty=0 -o DPkg::Lock::Timeout=300 "$@" </dev/null; }
install_missing() { apt install --yes --no-install-recommends "${missing[@]}" >/dev/null; }

# A sudo that asks does so here, at the terminal.
"${as_root[@]}" true ||
  fail "sudo was refused. These packages are missing; run this as root, then the same command again:
  $by_hand"
# Ends an installation that was interrupted half-way; does nothing otherwise.
"${as_root[@]}" dpkg --configure -a >/dev/null || true
apt update >/dev/null || warn "the package lists could not all be renewed; going on with the ones that are there."
install_missing ||
  fail "apt-get could not install all of these packages; its own message is above. When that is mended,
run the same command again. To try by hand, as root:
  $by_hand"
