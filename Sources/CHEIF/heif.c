#include "CHEIF.h"

// The first fields of libheif's options; it allocates them itself, and adds new ones at the end only.
struct first_options {
  uint8_t version;
  uint8_t ignore_transformations;
  void (*start_progress)(int step, int max_progress, void *user);
  void (*on_progress)(int step, int progress, void *user);
  void (*end_progress)(int step, void *user);
  void *progress_user;
  uint8_t convert_hdr_to_8bit;
};

void stance_heif_convert_to_8_bits(struct heif_decoding_options *options) {
  struct first_options *first = (struct first_options *)options;
  if (first->version >= 2) first->convert_hdr_to_8bit = 1;
}
