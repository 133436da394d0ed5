#!/usr/bin/env bash
# Puts the OpenVINO runtime into .deps/openvino: its headers, the libraries that Stance loads, its licences.
source "$(dirname "$0")/common.sh"
abi=2641
folder=.deps/openvino

# The cpu plug-in runs the models, the TensorFlow Lite front end reads them, the IR front end reads the compile cache
# (without it OpenVINO caches nothing and says nothing). They are found by lying beside libopenvino.so.
case $(uname -m) in
  x86_64) plugin=libopenvino_intel_cpu_plugin.so ;;
  aarch64)
    plugin=libopenvino_arm_cpu_plugin.so
    warn "Stance was never tried on an aarch64 machine."
    ;;
  *) fail "there is no OpenVINO for a $(uname -m) machine; Stance runs on x86_64 and aarch64." ;;
esac
libraries=(
  "libopenvino.so.$abi" "$plugin" "libopenvino_tensorflow_lite_frontend.so.$abi"
  "libopenvino_ir_frontend.so.$abi" libtbb.so.12
)

is_complete() {
  is_unpacked_from openvino "$1" && [[ -f $1/include/openvino/openvino.hpp ]] || return 1
  local library
  for library in "${libraries[@]}" libopenvino.so; do
    [[ -s $1/lib/$library ]] || return 1
  done
}
is_complete "$folder" && exit 0

make_partial
wheel=$(scripts/download-wheel.sh openvino "$partial")
unzip -q "$wheel" 'openvino/include/openvino/*' "${libraries[@]/#/openvino/libs/}" '*.dist-info/licenses/*' -d "$partial/wheel" ||
  fail "the OpenVINO wheel could not be unpacked. Is the disk full? Then run the same command again."

new=$partial/openvino
mkdir -p "$new/lib" "$new/licenses"
mv "$partial/wheel/openvino/include" "$new/include"
for library in "${libraries[@]}"; do
  mv "$partial/wheel/openvino/libs/$library" "$new/lib/"
done
find "$partial/wheel" -path '*.dist-info/licenses/*' -type f -exec mv -t "$new/licenses" {} +
# The linker looks for the name without the version, which the wheel does not have.
ln -s "libopenvino.so.$abi" "$new/lib/libopenvino.so"
pin openvino >"$new/unpacked-from"
is_complete "$new" || fail "the OpenVINO wheel lacks files that it should have; please report this."

put_folder "$new" "$folder"
say "OpenVINO is in $folder."
