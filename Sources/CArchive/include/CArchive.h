#pragma once
// libarchive on an open file: its callbacks and its macros with casts are not for Swift.
#include <stddef.h>
#include <stdint.h>

/// An open archive; its file stays the caller's.
struct stance_archive;

/// What an entry is.
enum stance_archive_kind {
  STANCE_ARCHIVE_FILE,
  STANCE_ARCHIVE_FOLDER,
  STANCE_ARCHIVE_SYMBOLIC_LINK,
  STANCE_ARCHIVE_HARD_LINK,
  STANCE_ARCHIVE_DEVICE,
  /// A pipe or a socket.
  STANCE_ARCHIVE_PIPE,
  STANCE_ARCHIVE_ENCRYPTED,
};

/// What comes before an entry's bytes.
struct stance_archive_entry {
  /// As the archive has it, in whatever encoding; valid until the next entry. NULL when libarchive could make nothing of it.
  const char *_Nullable name;
  /// Bytes as the archive claims; -1 when it does not say.
  int64_t size;
  enum stance_archive_kind kind;
};

/// How far a step came.
enum stance_archive_step {
  STANCE_ARCHIVE_DONE,
  STANCE_ARCHIVE_ENDED,
  /// Of this entry nothing more comes; the next one may.
  STANCE_ARCHIVE_ENTRY_FAILED,
  STANCE_ARCHIVE_FAILED,
};

/// Why it failed, as far as libarchive tells.
enum stance_archive_trouble {
  STANCE_ARCHIVE_DAMAGED,
  STANCE_ARCHIVE_TRUNCATED,
  /// No format that is read, or packed in a way that is not.
  STANCE_ARCHIVE_UNKNOWN,
  STANCE_ARCHIVE_LOCKED,
  STANCE_ARCHIVE_NO_MEMORY,
};

/// "libarchive 3.6.2".
const char *_Nonnull stance_archive_version(void);

/// Prepares names for `stance_archive_open`, once, before any other thread.
void stance_archive_prepare(void);

/// A ZIP or tar archive, the latter plain or by gzip, bzip2, xz or zstd. It is read by pread(2) from its first byte on, so
/// others may use the same descriptor. NULL without memory; whether it is an archive shows at the first entry.
struct stance_archive *_Nullable stance_archive_open(int file, int64_t size);
void stance_archive_close(struct stance_archive *_Nonnull);

enum stance_archive_step stance_archive_next(struct stance_archive *_Nonnull, struct stance_archive_entry *_Nonnull entry);

/// Reads at most `count` bytes of the entry, zeros for its holes; how many is in `filled`, 0 with STANCE_ARCHIVE_ENDED.
enum stance_archive_step stance_archive_read(struct stance_archive *_Nonnull, void *_Nonnull bytes, size_t count,
                                             size_t *_Nonnull filled);

/// Whether the entry can be passed over without unpacking it.
int stance_archive_skips(struct stance_archive *_Nonnull);
enum stance_archive_step stance_archive_skip(struct stance_archive *_Nonnull);

/// After a failure.
enum stance_archive_trouble stance_archive_trouble(struct stance_archive *_Nonnull);
const char *_Nonnull stance_archive_message(struct stance_archive *_Nonnull);
