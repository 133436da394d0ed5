#include "CPixelKernels.h"

#if defined(__x86_64__)
#include <immintrin.h>
#include <string.h>

#define AVX2 __attribute__((target("avx2")))

enum { step_bits = 5, steps = 1 << step_bits, chunk = 64 };

typedef struct {
  const uint8_t *pixels;
  int32_t width, height;
  int replicate;
} picture;

static inline int32_t nearest(int32_t index, int32_t count) {
  return index < 0 ? 0 : index >= count ? count - 1 : index;
}

static inline uint32_t load(const uint8_t *row, int32_t x) {
  uint32_t pixel;
  memcpy(&pixel, row + 4 * (size_t)x, sizeof pixel);
  return pixel;
}

/// Two neighbours in the upper, two in the lower half, of which some are outside.
AVX2 static inline __m128i border_taps(const picture *source, int32_t x, int32_t y) {
  const size_t stride = 4 * (size_t)source->width;
  const int32_t x0 = nearest(x, source->width), x1 = nearest(x + 1, source->width);
  const int32_t y0 = nearest(y, source->height), y1 = nearest(y + 1, source->height);
  const uint8_t *upper = source->pixels + stride * (size_t)y0, *lower = source->pixels + stride * (size_t)y1;
  __m128i taps = _mm_set_epi32((int)load(lower, x1), (int)load(lower, x0), (int)load(upper, x1), (int)load(upper, x0));
  if (source->replicate) return taps;
  // Black is where the nearest pixel is another one.
  return _mm_and_si128(taps, _mm_set_epi32(-(x1 == x + 1 && y1 == y + 1), -(x0 == x && y1 == y + 1),
                                           -(x1 == x + 1 && y0 == y), -(x0 == x && y0 == y)));
}

/// 1/32 px of four target pixels, ties to even; what is beyond every picture (or no number) stays beyond it.
AVX2 static inline __m128i positions(__m256d x, double slope, double start) {
  const __m256d far = _mm256_set1_pd(2e9);
  __m256d position = _mm256_add_pd(_mm256_mul_pd(_mm256_set1_pd(slope), x), _mm256_set1_pd(start));
  position = _mm256_mul_pd(position, _mm256_set1_pd(steps));
  position = _mm256_max_pd(_mm256_min_pd(position, far), _mm256_set1_pd(-2e9));
  return _mm256_cvtpd_epi32(position);
}

/// Red, green, blue and something: the four taps weighted in fixed point and rounded to 8 bits.
AVX2 static inline __m128i blend(__m128i taps, int32_t u, int32_t v) {
  const __m128i pairs = _mm_setr_epi8(2, 6, 1, 5, 0, 4, 3, 7, 10, 14, 9, 13, 8, 12, 11, 15);
  const int right = u & (steps - 1), lower = v & (steps - 1);
  // Left and right of each channel beside each other, then upper and lower.
  __m128i columns =
      _mm_maddubs_epi16(_mm_shuffle_epi8(taps, pairs), _mm_set1_epi16((short)((steps - right) | right << 8)));
  __m128i rows = _mm_unpacklo_epi16(columns, _mm_unpackhi_epi64(columns, columns));
  __m128i sum = _mm_madd_epi16(rows, _mm_set1_epi32((steps - lower) | lower << 16));
  return _mm_srli_epi32(_mm_add_epi32(sum, _mm_set1_epi32(1 << (2 * step_bits - 1))), 2 * step_bits);
}

AVX2 static void warp(const picture *source, stance_affine map, float scale, float offset, float *target,
                      int32_t width, int32_t height) {
  const uint32_t inner_width = (uint32_t)(source->width - 1), inner_height = (uint32_t)(source->height - 1);
  const size_t stride = 4 * (size_t)source->width;
  const __m128 scales = _mm_set1_ps(scale), offsets = _mm_set1_ps(offset);
  float *const last = target + 3 * ((size_t)width * height - 1);
  int32_t u[chunk], v[chunk];

  for (int32_t y = 0; y < height; y++) {
    const double row_u = map.uy * y + map.u0, row_v = map.vy * y + map.v0;
    for (int32_t start = 0; start < width; start += chunk) {
      const int32_t count = width - start < chunk ? width - start : chunk;
      for (int32_t i = 0; i < count; i += 4) {
        const __m256d x = _mm256_add_pd(_mm256_set1_pd(start + i), _mm256_setr_pd(0, 1, 2, 3));
        _mm_storeu_si128((__m128i *)(u + i), positions(x, map.ux, row_u));
        _mm_storeu_si128((__m128i *)(v + i), positions(x, map.vx, row_v));
      }
      for (int32_t i = 0; i < count; i++, target += 3) {
        const int32_t column = u[i] >> step_bits, row = v[i] >> step_bits;
        __m128i taps;
        if ((uint32_t)column < inner_width && (uint32_t)row < inner_height) {
          const uint8_t *upper = source->pixels + stride * (size_t)row + 4 * (size_t)column;
          taps = _mm_unpacklo_epi64(_mm_loadl_epi64((const __m128i *)upper),
                                    _mm_loadl_epi64((const __m128i *)(upper + stride)));
        } else {
          taps = border_taps(source, column, row);
        }
        const __m128 value = _mm_add_ps(_mm_mul_ps(_mm_cvtepi32_ps(blend(taps, u[i], v[i])), scales), offsets);
        if (target != last) {
          _mm_storeu_ps(target, value);  // the fourth float is overwritten by the next pixel
        } else {
          float pixel[4];
          _mm_storeu_ps(pixel, value);
          memcpy(target, pixel, 3 * sizeof *pixel);
        }
      }
    }
  }
}

int stance_warp(const uint8_t *source, int32_t width, int32_t height, stance_affine map, int replicate, float scale,
                float offset, float *target, int32_t target_width, int32_t target_height) {
  if (!__builtin_cpu_supports("avx2")) return 0;
  const picture all = {source, width, height, replicate};
  warp(&all, map, scale, offset, target, target_width, target_height);
  return 1;
}

#else

int stance_warp(const uint8_t *source, int32_t width, int32_t height, stance_affine map, int replicate, float scale,
                float offset, float *target, int32_t target_width, int32_t target_height) {
  return 0;
}

#endif
