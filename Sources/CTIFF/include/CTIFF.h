#pragma once
// libtiff on bytes in memory: its callbacks and its variadic functions are not for Swift.
#include <stddef.h>
#include <stdint.h>

/// An open TIFF that borrows its bytes.
struct stance_tiff;

/// What libtiff can tell before it decodes.
struct stance_tiff_head {
  uint32_t width;
  uint32_t height;
};

/// "LIBTIFF, Version 4.5.0" and lines of copyright.
const char *_Nonnull stance_tiff_version(void);

/// Opens the first directory; NULL when it can't be read or memory is short, with the reason in `message` (256 bytes).
struct stance_tiff *_Nullable stance_tiff_open(const void *_Nonnull bytes, size_t count, struct stance_tiff_head *_Nonnull head,
                                               char *_Nonnull message);
void stance_tiff_close(struct stance_tiff *_Nonnull);

/// Whether libtiff can turn this kind into colours; if not, the reason is in `message` (1024 bytes).
int stance_tiff_is_supported(struct stance_tiff *_Nonnull, char *_Nonnull message);

/// Decodes into `width * height` pixels as they are stored, top row first: R, G, B (multiplied by alpha), alpha.
/// 1, or 0 with the reason in `message` (1024 bytes); then some pixels may be left as they were.
int stance_tiff_decode(struct stance_tiff *_Nonnull, uint32_t *_Nonnull pixels, char *_Nonnull message);
