#include <string.h>

#include "CJPEG.h"
#include "errors.h"

/// More scans than any encoder writes; each costs the time of a whole picture, however few bytes it has.
enum { most_scans = 500 };

typedef struct {
  stance_errors errors;
  struct jpeg_progress_mgr progress;
  struct jpeg_decompress_struct codec;
  const uint8_t *bytes;
  size_t count;
  /// The bytes ended before the end marker.
  bool ended;
  /// A restart marker follows the last row at once: the data that it needs is all there and was all needed, and what
  /// comes then is not the picture's.
  bool ends_at_restart;
  stance_jpeg_report *report;
} decoding;

static decoding *context(j_common_ptr codec) { return codec->client_data; }

static bool is_padding(const uint8_t *bytes, size_t count) {
  for (size_t index = 0; index < count; index++)
    if (bytes[index] != 0 && bytes[index] != 0xff) return false;
  return true;
}

static bool is_restart(int marker) { return marker >= 0xd0 && marker <= 0xd7; }

/// The last scan is behind, if the marker that comes next is the end's.
static bool has_all_rows(j_decompress_ptr codec) {
  // Several scans are read before the first row is put out.
  if (codec->progressive_mode || codec->comps_in_scan < codec->num_components) return codec->input_scan_number > 0;
  return codec->output_height > 0 && codec->output_scanline == codec->output_height;
}

/// Bytes that belong to nothing stand before a marker.
static void judge_extraneous(j_common_ptr codec, size_t count, int marker) {
  decoding *decoding = context(codec);
  // libjpeg stands before the marker, and before the 0xff that may be repeated.
  const size_t end =
      decoding->ended ? decoding->count : (size_t)(decoding->codec.src->next_input_byte - decoding->bytes);
  const size_t start = count < end ? end - count : 0;
  // Cameras fill up with it, before the end marker and between segments.
  if (is_padding(decoding->bytes + start, end - start)) return;
  // Elsewhere it may be a damaged segment, or what a damaged scan left.
  if (!has_all_rows(&decoding->codec) || !(is_restart(marker) || marker == 0xd9)) stance_errors_escape(codec);
  if (decoding->ends_at_restart) return;
  if (decoding->report->left_over == 0) decoding->report->left_over_start = start;
  decoding->report->left_over += count;
}

/// Goes on after warnings of what loses no pixel, and stops at all others.
static void judge(j_common_ptr codec, int level) {
  decoding *decoding = context(codec);
  switch (codec->err->msg_code) {
    case JTRC_PARMLESS_MARKER:
      // No warning, only told: a marker between scans or after the last.
      if (is_restart(codec->err->msg_parm.i[0]) && has_all_rows(&decoding->codec) && decoding->report->left_over == 0)
        decoding->ends_at_restart = true;
      return;
    case JWRN_JPEG_EOF:
      // libjpeg goes on with an end marker. Bits that are missing then are another warning.
      decoding->ended = true;
      return;
    case JWRN_EXTRANEOUS_DATA:
      judge_extraneous(codec, (size_t)codec->err->msg_parm.i[0], codec->err->msg_parm.i[1]);
      return;
    // In a scan without progression the numbers mean nothing; some phones leave them 0.
    case JWRN_NOT_SEQUENTIAL:
    // Version 2 of JFIF, and a transform that Adobe has not defined, which is taken for YCbCr or YCCK.
    case JWRN_JFIF_MAJOR:
    case JWRN_ADOBE_XFORM:
      return;
    default:
      if (level < 0) stance_errors_escape(codec);
  }
}

static void limit_scans(j_common_ptr codec) {
  decoding *decoding = context(codec);
  if (decoding->codec.input_scan_number <= most_scans) return;
  snprintf(decoding->report->message, sizeof decoding->report->message, "more than %d scans", most_scans);
  longjmp(decoding->errors.escape, 1);
}

static _Noreturn void refuse(decoding *decoding, const char *reason) {
  strncpy(decoding->report->message, reason, sizeof decoding->report->message - 1);
  longjmp(decoding->errors.escape, 1);
}

/// Without its end marker a file of several scans may lack some. A progressive one tells: each coefficient was refined to
/// its last bit.
static bool lacks_scans(j_decompress_ptr codec) {
  if (!jpeg_has_multiple_scans(codec)) return false;
  if (!codec->progressive_mode) return true;
  for (int component = 0; component < codec->num_components; component++)
    for (int coefficient = 0; coefficient < DCTSIZE2; coefficient++)
      if (codec->coef_bits[component][coefficient] != 0) return true;
  return false;
}

static void read_rows(j_decompress_ptr codec, uint8_t *pixels) {
  const size_t stride = 4 * (size_t)codec->output_width;
  while (codec->output_scanline < codec->output_height) {
    JSAMPROW rows[16];
    JDIMENSION some = 0;
    for (; some < 16 && codec->output_scanline + some < codec->output_height; some++)
      rows[some] = pixels + stride * (codec->output_scanline + some);
    jpeg_read_scanlines(codec, rows, some);
  }
}

/// Reads all rows and keeps only a hash (FNV-1a) of the last ones, those of the tallest unit.
static uint32_t skip_rows(j_decompress_ptr codec) {
  enum { kept = 4 * DCTSIZE };
  const JDIMENSION stride = 4 * codec->output_width;
  JSAMPARRAY rows = codec->mem->alloc_sarray((j_common_ptr)codec, JPOOL_IMAGE, stride, kept);
  for (int row = 0; row < kept; row++) memset(rows[row], 0, stride);
  while (codec->output_scanline < codec->output_height)
    jpeg_read_scanlines(codec, rows + codec->output_scanline % kept, 1);
  uint32_t hash = 2166136261u;
  for (int row = 0; row < kept; row++)
    for (JDIMENSION column = 0; column < stride; column++) hash = (hash ^ rows[row][column]) * 16777619u;
  return hash;
}

void stance_jpeg_decode(const uint8_t *bytes, size_t count, int32_t width, int32_t height, int32_t reduction,
                        uint8_t *pixels, bool *holds_inks, stance_jpeg_report *report) {
  decoding decoding;
  memset(&decoding, 0, sizeof decoding);
  memset(report, 0, sizeof *report);
  decoding.bytes = bytes;
  decoding.count = count;
  decoding.report = report;
  j_decompress_ptr codec = &decoding.codec;
  codec->err = stance_errors_start(&decoding.errors, report->message);
  codec->err->emit_message = judge;
  codec->client_data = &decoding;
  if (setjmp(decoding.errors.escape)) {
    report->status = decoding.ended ? stance_jpeg_truncated : stance_jpeg_damaged;
    if (decoding.codec.global_state)
      report->rows_read = (int32_t)decoding.codec.input_iMCU_row * decoding.codec.max_v_samp_factor * DCTSIZE;
    jpeg_destroy_decompress(&decoding.codec);
    return;
  }
  jpeg_create_decompress(codec);
  decoding.progress.progress_monitor = limit_scans;
  codec->progress = &decoding.progress;
  jpeg_mem_src(codec, bytes, count);
  jpeg_read_header(codec, TRUE);
  if ((int32_t)codec->image_width != width || (int32_t)codec->image_height != height)
    refuse(&decoding, "two sizes");
  // libjpeg does not turn inks into RGB.
  *holds_inks = codec->jpeg_color_space == JCS_CMYK || codec->jpeg_color_space == JCS_YCCK;
  codec->out_color_space = *holds_inks ? JCS_CMYK : JCS_EXT_BGRX;
  codec->scale_num = 1;
  codec->scale_denom = (unsigned)reduction;
  // The integer transform and smooth colour upsampling are its defaults.
  jpeg_start_decompress(codec);
  if (pixels)
    read_rows(codec, pixels);
  else
    report->last_rows = skip_rows(codec);
  if (decoding.ended && lacks_scans(codec)) refuse(&decoding, "no end marker, and scans are missing");
  jpeg_finish_decompress(codec);
  report->rows_read = (int32_t)codec->input_iMCU_row * codec->max_v_samp_factor * DCTSIZE;
  report->scans = codec->input_scan_number;
  jpeg_destroy_decompress(codec);
}
