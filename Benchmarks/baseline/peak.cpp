// The most multiply-adds a second that one core does, in billions: one line an instruction set that the processor has.
//
// Twelve (AVX-512: twenty-four) independent accumulators hide the instruction's latency; all operands are in registers, so nothing
// else is measured.
#if defined(__x86_64__)
#include <immintrin.h>

#include <chrono>
#include <cstdio>

namespace {

constexpr long rounds = 1 << 21;

template <typename Body>
void report(const char *name, double multiplyAddsARound, Body body) {
  double best = 0;
  for (int attempt = 0; attempt < 7; ++attempt) {
    const auto start = std::chrono::steady_clock::now();
    body();
    const std::chrono::duration<double> time = std::chrono::steady_clock::now() - start;
    const double rate = rounds * multiplyAddsARound / time.count() / 1e9;
    if (rate > best) best = rate;
  }
  std::printf("%s %.1f\n", name, best);
}

__attribute__((target("avx2,fma"))) void avx2() {
  __m256 sums[12] = {};
  const __m256 a = _mm256_set1_ps(0.5F), b = _mm256_set1_ps(1e-3F);
  for (long i = 0; i < rounds; ++i)
#pragma clang loop unroll(full)
    for (auto &sum : sums) asm volatile("vfmadd231ps %1, %2, %0" : "+x"(sum) : "x"(a), "x"(b));
}

__attribute__((target("avx512f"))) void avx512() {
  __m512 sums[24] = {};
  const __m512 a = _mm512_set1_ps(0.5F), b = _mm512_set1_ps(1e-3F);
  for (long i = 0; i < rounds; ++i)
#pragma clang loop unroll(full)
    for (auto &sum : sums) asm volatile("vfmadd231ps %1, %2, %0" : "+v"(sum) : "v"(a), "v"(b));
}

__attribute__((target("avx512f,avx512bf16"))) void avx512bf16() {
  __m512 sums[24] = {};
  const __m512 a = _mm512_set1_ps(0.5F), b = _mm512_set1_ps(1e-3F);
  for (long i = 0; i < rounds; ++i)
#pragma clang loop unroll(full)
    for (auto &sum : sums) asm volatile("vdpbf16ps %1, %2, %0" : "+v"(sum) : "v"(a), "v"(b));
}

}  // namespace

int main() {
  __builtin_cpu_init();
  if (__builtin_cpu_supports("avx2")) report("avx2", 12 * 8, avx2);
  if (__builtin_cpu_supports("avx512f")) report("avx512f", 24 * 16, avx512);
  if (__builtin_cpu_supports("avx512bf16")) report("avx512_bf16", 24 * 32, avx512bf16);
}
#else
int main() {}  // not measured on other processors
#endif
