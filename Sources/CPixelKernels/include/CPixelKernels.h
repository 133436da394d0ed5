#pragma once
// Kernels for instruction sets that Swift cannot name while it stays portable.
#include <stddef.h>
#include <stdint.h>

/// A map from target pixels to source positions: u = ux x + uy y + u0, v = vx x + vy y + v0.
typedef struct {
  double ux, uy, u0, vx, vy, v0;
} stance_affine;

/// What `warp` in PixelKernels does, with AVX2 and the same result to the last bit.
/// `source` is BGRX, `target` RGB floats: an 8-bit value times `scale` plus `offset`.
/// 0 when this processor has no AVX2: nothing was done then.
int stance_warp(const uint8_t *_Nonnull source, int32_t width, int32_t height, stance_affine map, int replicate,
                float scale, float offset, float *_Nonnull target, int32_t target_width, int32_t target_height);
