#!/usr/bin/env bash
# fuzz.sh [TARGET…]: builds the fuzz targets with libFuzzer under the address sanitizer and runs each for FUZZ_SECONDS,
# from the seeds and from what earlier runs found. An input that ends the program is left in out/fuzz.
source "$(dirname "$0")/common.sh"
(($#)) || set -- multipart connection request websocket messages pictures decoders archives frames
seconds=${FUZZ_SECONDS:-60}
scratch=.build-fuzz
seeds=$scratch/seeds
resources=$(swiftc -print-target-info | sed -nE 's/.*"runtimeResourcePath": "(.*)".*/\1/p')

# Coverage by hand: -sanitize=fuzzer would put libFuzzer's own main into every program of the package. Optimised, because
# the sanitizer does not see what the standard library's unspecialised functions read.
FUZZING=1 swift build --scratch-path "$scratch" --configuration release --product stance-fuzz --sanitize=address \
  -Xswiftc -enable-testing -Xswiftc -use-ld=lld -Xlinker "-L$resources/clang/lib/linux" -Xlinker "-lclang_rt.fuzzer_no_main-$(uname -m)" \
  -Xswiftc -sanitize-coverage=edge,trace-cmp,inline-8bit-counters,pc-table -Xcc -fsanitize=fuzzer-no-link -Xcxx -fsanitize=fuzzer-no-link

mkdir -p out/fuzz "$seeds/pictures" "$seeds/decoders" "$seeds/archives"
cp -R Fuzzing/seeds/. "$seeds"
for format in jpg png webp gif tiff bmp; do
  ffmpeg -nostdin -v error -y -f lavfi -i testsrc2=size=8x8 -frames:v 1 "$seeds/pictures/plain.$format"
done
for compression in packbits raw lzw deflate; do
  ffmpeg -nostdin -v error -y -f lavfi -i testsrc2=size=8x8 -frames:v 1 -compression_algo "$compression" \
    "$seeds/decoders/$compression.tiff"
done
cp -f "$seeds"/pictures/*.{gif,tiff} "$seeds/decoders"
python3 scripts/archive-seeds.py "$seeds/archives"
# Odd and broken files, where there are any.
odd=../shared/testdata/odd
[[ ! -d $odd ]] || find "$odd" -type f -size -16k -exec cp -f -t "$seeds/pictures" {} +
[[ ! -d $odd ]] || find "$odd" -type f -size -16k \( -name '*.gif' -o -name '*.tiff' -o -name '*.heic' -o -name '*.avif' \) \
  -exec cp -f -t "$seeds/decoders" {} +

# The sanitizer fills all that is allocated, so that pixels which a decoder left out are seen.
export ASAN_OPTIONS=detect_leaks=0:max_malloc_fill_size=1000000 TBB_ENABLE_SANITIZERS=1 SWIFT_BACKTRACE=enable=no
for target; do
  say "Fuzzing $target for $seconds s"
  log=out/fuzz/$target.log
  mkdir -p "$scratch/corpora/$target"
  options=$ASAN_OPTIONS
  # As for stance-decode: an archive that asks for a dictionary of gigabytes does not get it.
  [[ $target != archives ]] || options+=:allocator_may_return_null=1:max_allocation_size_mb=256
  ASAN_OPTIONS=$options "$scratch/release/stance-fuzz" "--$target" -max_total_time="$seconds" -timeout=100 -max_len=16384 \
    -artifact_prefix="out/fuzz/$target-" "$scratch/corpora/$target" "$seeds/$target" &>"$log" ||
    { tail -n 60 "$log" >&2; fail "$target: the input is in out/fuzz, all that was said in $log."; }
  grep DONE "$log"
done
