#ifndef STANCE_CJPEG_H
#define STANCE_CJPEG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// libjpeg behind two functions: its errors are long jumps, which must not leave C.

typedef enum {
  /// Every pixel is what the file holds.
  stance_jpeg_whole,
  stance_jpeg_truncated,
  stance_jpeg_damaged,
} stance_jpeg_status;

typedef struct {
  stance_jpeg_status status;
  /// Why it is not whole, in libjpeg's words.
  char message[200];
  /// Bytes other than padding that stand between the last row and the end marker, and where they begin; 0 when there are none.
  size_t left_over, left_over_start;
  /// Whole rows that were read until the decoder stopped, in rows of the largest unit that is coded: counted past the
  /// picture's last one too.
  int32_t rows_read;
  /// Scans of a file that is whole.
  int32_t scans;
  /// A hash of the last rows, only without `pixels`.
  uint32_t last_rows;
} stance_jpeg_report;

/// The picture as it is stored, at 1/reduction of its size (rounded up), into `pixels`: 4 bytes each, rows top down without
/// padding. They are blue, green, red and 255, or inverted cyan, magenta, yellow and black where `holds_inks` becomes true.
///
/// A header that tells other sides than `width` and `height` is damaged. Without `pixels` the rows are only read.
void stance_jpeg_decode(const uint8_t *bytes, size_t count, int32_t width, int32_t height, int32_t reduction,
                        uint8_t *pixels, bool *holds_inks, stance_jpeg_report *report);

/// A baseline JPEG with 4:2:0 colour of blue, green, red and an unused byte a pixel; nil with `message` when it fails.
/// To be freed by the caller.
uint8_t *stance_jpeg_encode(const uint8_t *pixels, int32_t width, int32_t height, int32_t quality, size_t *count,
                            char message[200]);

#endif
