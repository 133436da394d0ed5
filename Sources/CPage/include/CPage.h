#pragma once
// The page's files, embedded: what lies in the folder page/, byte for byte.
//
// The service answers `/` with index.html and `/assets/NAME` with every file of that name. The files need a
// Content-Security-Policy no stricter than
//   default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; media-src blob:;
//   connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'
// and, where a Permissions-Policy is sent, camera=(self). Names carry no version, so caching is by ETag (a hash of
// `bytes`) with Cache-Control: no-cache.
// `self` has WebSockets to the page's own address in it (https://www.w3.org/TR/CSP3/#match-url-to-source-expression).
#include <stddef.h>
#include <stdint.h>

typedef struct {
  const char *_Nonnull name;  ///< "index.html", "app.js" …
  const char *_Nonnull type;  ///< Content-Type, with the character set.
  const uint8_t *_Nonnull bytes;
  size_t count;
} stance_page_file;

extern const stance_page_file stance_page_files[];  ///< index.html first.
extern const size_t stance_page_file_count;

/// The file at an index below `stance_page_file_count`: Swift sees no array of unknown length.
static inline const stance_page_file *_Nonnull stance_page_file_at(size_t index) {
  return &stance_page_files[index];
}
