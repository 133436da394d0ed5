#include <png.h>

/// The most bytes that png_image_write_to_memory can need for this picture; a macro, which Swift can't call.
static inline size_t stance_png_bound(png_image image) { return PNG_IMAGE_PNG_SIZE_MAX(image); }
