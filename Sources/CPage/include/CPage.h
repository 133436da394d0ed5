#pragma once
// The page's files, embedded. Names as in the folder page/.
#include <stddef.h>
#include <stdint.h>

typedef struct {
  const char *_Nonnull name;      ///< "index.html", "app.js" …
  const uint8_t *_Nonnull bytes;
  size_t count;
} stance_page_file;

extern const stance_page_file stance_page_files[];
extern const size_t stance_page_file_count;

// Swift sees no array of unknown length.
static inline const stance_page_file *_Nonnull stance_page_file_at(size_t index) {
  return &stance_page_files[index];
}
