#!/usr/bin/env bash
# download-wheel.sh PACKAGE FOLDER: downloads the wheel that wheels.txt pins for this machine into FOLDER and prints its path.
# pip refuses a wheel with another checksum.
source "$(dirname "$0")/common.sh"
package=$1
folder=$2

here=$(uname -m)
read -r version machine digest < <(
  rows scripts/wheels.txt |
    awk -v p="$package" -v m="$here" '$1 == p && ($3 == m || $3 == "any") { print $2, $3, $4; exit }'
) || fail "no wheel of $package is pinned for a $here machine (scripts/wheels.txt)."
[[ $machine == any ]] && machine=x86_64

for python in python3 /usr/bin/python3 ''; do
  [[ -n $python ]] || fail "python3 has no pip. Install the Debian package python3-pip, then run the same command again."
  "$python" -m pip --version >/dev/null 2>&1 && break
done

printf '%s==%s --hash=sha256:%s\n' "$package" "$version" "$digest" >"$folder/requirement.txt"
say "Downloading $package $version" >&2
"$python" -m pip download --quiet --disable-pip-version-check --retries 2 --no-deps --only-binary=:all: \
  --implementation cp --python-version 3.11 --abi cp311 \
  --platform "manylinux2014_$machine" --platform "manylinux_2_17_$machine" --platform "manylinux_2_28_$machine" \
  --platform "manylinux_2_31_$machine" --platform "manylinux_2_35_$machine" \
  --require-hashes --requirement "$folder/requirement.txt" --dest "$folder" >&2 ||
  fail "pip could not download $package $version; its own message is above. Without internet, docs/install.md says how to use a local mirror."
wheels=("$folder"/*.whl)
say "${wheels[0]}"
