#include "CTIFF.h"
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <tiffio.h>

struct stance_tiff {
  TIFF *tiff;
  const uint8_t *bytes;
  size_t count;
  size_t offset;
  // The first error since the last call.
  char message[1024];
};

static tmsize_t read_bytes(thandle_t handle, void *buffer, tmsize_t count) {
  struct stance_tiff *file = handle;
  if (count < 0 || file->offset >= file->count) return 0;
  size_t rest = file->count - file->offset;
  size_t length = (size_t)count < rest ? (size_t)count : rest;
  memcpy(buffer, file->bytes + file->offset, length);
  file->offset += length;
  return (tmsize_t)length;
}

static tmsize_t write_nothing(thandle_t handle, void *buffer, tmsize_t count) {
  (void)handle, (void)buffer, (void)count;
  return 0;
}

static toff_t seek(thandle_t handle, toff_t offset, int whence) {
  struct stance_tiff *file = handle;
  if (whence == SEEK_CUR) offset += file->offset;
  if (whence == SEEK_END) offset += file->count;
  // Beyond the end is allowed; reading there gives nothing.
  file->offset = (size_t)offset;
  return offset;
}

static int close_nothing(thandle_t handle) {
  (void)handle;
  return 0;
}

static toff_t size(thandle_t handle) { return ((struct stance_tiff *)handle)->count; }

static int map(thandle_t handle, void **base, toff_t *count) {
  struct stance_tiff *file = handle;
  *base = (void *)file->bytes;
  *count = file->count;
  return 1;
}

static void unmap(thandle_t handle, void *base, toff_t count) { (void)handle, (void)base, (void)count; }

static int keep_error(TIFF *tiff, void *user, const char *module, const char *format, va_list arguments) {
  struct stance_tiff *file = user;
  (void)tiff, (void)module;
  if (file->message[0] == '\0') vsnprintf(file->message, sizeof file->message, format, arguments);
  return 1;
}

// Warnings are about tags, mostly. But JPEG data that ends early is no more than that to libjpeg, which fills up with grey.
static int weigh_warning(TIFF *tiff, void *user, const char *module, const char *format, va_list arguments) {
  char text[256];
  (void)tiff, (void)module;
  vsnprintf(text, sizeof text, format, arguments);
  struct stance_tiff *file = user;
  if (strstr(text, "remature end") != NULL && file->message[0] == '\0') {
    snprintf(file->message, sizeof file->message, "%s", text);
  }
  return 1;
}

const char *stance_tiff_version(void) { return TIFFGetVersion(); }

struct stance_tiff *stance_tiff_open(const void *bytes, size_t count, struct stance_tiff_head *head, char *message) {
  struct stance_tiff *file = calloc(1, sizeof *file);
  TIFFOpenOptions *options = TIFFOpenOptionsAlloc();
  if (file != NULL && options != NULL) {
    file->bytes = bytes;
    file->count = count;
    TIFFOpenOptionsSetErrorHandlerExtR(options, keep_error, file);
    TIFFOpenOptionsSetWarningHandlerExtR(options, weigh_warning, file);
    file->tiff = TIFFClientOpenExt("TIFF", "r", file, read_bytes, write_nothing, seek, close_nothing, size, map, unmap, options);
  }
  if (options != NULL) TIFFOpenOptionsFree(options);
  if (file != NULL && file->tiff != NULL && TIFFGetField(file->tiff, TIFFTAG_IMAGEWIDTH, &head->width) &&
      TIFFGetField(file->tiff, TIFFTAG_IMAGELENGTH, &head->height)) {
    file->message[0] = '\0';
    return file;
  }
  snprintf(message, 256, "%s", file != NULL && file->message[0] != '\0' ? file->message : "its directory can't be read");
  if (file != NULL && file->tiff != NULL) TIFFClose(file->tiff);
  free(file);
  return NULL;
}

void stance_tiff_close(struct stance_tiff *file) {
  TIFFClose(file->tiff);
  free(file);
}

int stance_tiff_is_supported(struct stance_tiff *file, char *message) {
  uint16_t compression = COMPRESSION_NONE;
  TIFFGetFieldDefaulted(file->tiff, TIFFTAG_COMPRESSION, &compression);
  if (!TIFFIsCODECConfigured(compression)) {
    snprintf(message, 1024, "compression %u", (unsigned)compression);
    return 0;
  }
  // A camera's colour filter array would pass for grey or RGB of one sample.
  return TIFFRGBAImageOK(file->tiff, message);
}

int stance_tiff_decode(struct stance_tiff *file, uint32_t *pixels, char *message) {
  TIFFRGBAImage image;
  file->message[0] = '\0';
  message[0] = '\0';
  const int stop_on_error = 1;
  if (!TIFFRGBAImageBegin(&image, file->tiff, stop_on_error, message)) return 0;
  // As it is stored: our own reader of headers has the orientation, and it is applied once.
  image.req_orientation = image.orientation;
  int done = TIFFRGBAImageGet(&image, pixels, image.width, image.height);
  TIFFRGBAImageEnd(&image);
  // Some decoders go on after an error and leave the rest as it was.
  if (done && file->message[0] == '\0') return 1;
  snprintf(message, 1024, "%s", file->message[0] != '\0' ? file->message : "its pixels can't be decoded");
  return 0;
}
