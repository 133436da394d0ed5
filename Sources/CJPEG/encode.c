#include <stdlib.h>

#include "CJPEG.h"
#include "errors.h"

/// A growing buffer as libjpeg's destination.
typedef struct {
  struct jpeg_destination_mgr manager;
  uint8_t *bytes;
  size_t capacity;
} growing;

static void grow(j_compress_ptr codec, size_t capacity) {
  growing *target = (growing *)codec->dest;
  uint8_t *larger = realloc(target->bytes, capacity);
  if (!larger) ERREXIT1(codec, JERR_OUT_OF_MEMORY, 0);
  target->manager.next_output_byte = larger + target->capacity;
  target->manager.free_in_buffer = capacity - target->capacity;
  target->bytes = larger;
  target->capacity = capacity;
}

static void start(j_compress_ptr codec) { grow(codec, 1 << 16); }

/// The buffer is full, whatever `free_in_buffer` says.
static boolean continue_in_larger(j_compress_ptr codec) {
  grow(codec, 2 * ((growing *)codec->dest)->capacity);
  return TRUE;
}

static void finish(j_compress_ptr codec) { (void)codec; }

uint8_t *stance_jpeg_encode(const uint8_t *pixels, int32_t width, int32_t height, int32_t quality, size_t *count,
                            char message[200]) {
  struct jpeg_compress_struct codec;
  stance_errors errors;
  growing target = {{.init_destination = start, .empty_output_buffer = continue_in_larger, .term_destination = finish},
                    NULL, 0};
  // What a jump changes behind the compiler's back is read through this.
  growing *volatile result = &target;
  codec.err = stance_errors_start(&errors, message);
  if (setjmp(errors.escape)) {
    jpeg_destroy_compress(&codec);
    free(result->bytes);
    return NULL;
  }
  jpeg_create_compress(&codec);
  codec.dest = &target.manager;
  codec.image_width = (JDIMENSION)width;
  codec.image_height = (JDIMENSION)height;
  codec.input_components = 4;
  codec.in_color_space = JCS_EXT_BGRX;
  // Among them 4:2:0.
  jpeg_set_defaults(&codec);
  jpeg_set_quality(&codec, quality, TRUE);
  // The faster transform's errors drown in those of quantisation.
  codec.dct_method = quality >= 96 ? JDCT_ISLOW : JDCT_IFAST;
  jpeg_start_compress(&codec, TRUE);
  const size_t stride = 4 * (size_t)width;
  while (codec.next_scanline < codec.image_height) {
    JSAMPROW rows[16];
    JDIMENSION some = 0;
    for (; some < 16 && codec.next_scanline + some < codec.image_height; some++)
      rows[some] = (JSAMPROW)(pixels + stride * (codec.next_scanline + some));
    jpeg_write_scanlines(&codec, rows, some);
  }
  jpeg_finish_compress(&codec);
  *count = target.capacity - target.manager.free_in_buffer;
  jpeg_destroy_compress(&codec);
  return target.bytes;
}
