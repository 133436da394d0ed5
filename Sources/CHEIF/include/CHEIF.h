#pragma once
// What is used of libheif's interface, version 1. The library comes from a Python wheel, which has no headers (docs/install.md),
// and Debian's would bring all of Debian's libheif along. Names, numbers and layouts are libheif's own.
#include <stdint.h>

struct heif_context;
struct heif_image_handle;
struct heif_image;
struct heif_decoding_options;

/// What went wrong; the message stays libheif's.
struct heif_error {
  int code;
  int subcode;
  const char *_Nullable message;
};

enum {
  stance_heif_ok = 0,
  stance_heif_unsupported_filetype = 3,
  stance_heif_unsupported_feature = 4,
  stance_heif_end_of_data = 100,
  stance_heif_security_limit_exceeded = 1000,
  stance_heif_rgb = 1,
  stance_heif_interleaved = 10,
  stance_heif_interleaved_rgb = 10,
  stance_heif_interleaved_rgba = 11,
};

const char *_Nonnull heif_get_version(void);
struct heif_error heif_init(void *_Nullable parameters);

struct heif_context *_Nullable heif_context_alloc(void);
void heif_context_free(struct heif_context *_Nonnull);
/// The longest that either side may be.
void heif_context_set_maximum_image_size_limit(struct heif_context *_Nonnull, int side);
void heif_context_set_max_decoding_threads(struct heif_context *_Nonnull, int count);
struct heif_error heif_context_read_from_memory(struct heif_context *_Nonnull, const void *_Nonnull bytes, uintptr_t count,
                                                const void *_Nullable options);
struct heif_error heif_context_get_primary_image_handle(struct heif_context *_Nonnull,
                                                        struct heif_image_handle *_Nullable *_Nonnull);

void heif_image_handle_release(const struct heif_image_handle *_Nonnull);
/// The size before rotation and cropping.
int heif_image_handle_get_ispe_width(const struct heif_image_handle *_Nonnull);
int heif_image_handle_get_ispe_height(const struct heif_image_handle *_Nonnull);
int heif_image_handle_has_alpha_channel(const struct heif_image_handle *_Nonnull);

struct heif_decoding_options *_Nullable heif_decoding_options_alloc(void);
void heif_decoding_options_free(struct heif_decoding_options *_Nonnull);
/// 10 and 12 bits a channel become 8.
void stance_heif_convert_to_8_bits(struct heif_decoding_options *_Nonnull);

struct heif_error heif_decode_image(const struct heif_image_handle *_Nonnull, struct heif_image *_Nullable *_Nonnull,
                                    int colorspace, int chroma, const struct heif_decoding_options *_Nullable);
void heif_image_release(const struct heif_image *_Nonnull);
int heif_image_get_width(const struct heif_image *_Nonnull, int channel);
int heif_image_get_height(const struct heif_image *_Nonnull, int channel);
const uint8_t *_Nullable heif_image_get_plane_readonly(const struct heif_image *_Nonnull, int channel,
                                                       int *_Nonnull stride);
