#define _GNU_SOURCE
#include "CArchive.h"
#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct stance_archive {
  struct archive *reader;
  struct archive_entry *entry;
  int file;
  int64_t size;
  int64_t offset;
  char buffer[256 << 10];
};

// libarchive's own for the file, and one that unpacks.
enum { most_filters = 2 };

const char *stance_archive_version(void) { return archive_version_string(); }

// Without a locale that knows UTF-8, libarchive has no name for an entry whose name is flagged as such. This one is built into
// the C library.
void stance_archive_prepare(void) { (void)setlocale(LC_CTYPE, "C.UTF-8"); }

static la_ssize_t read_bytes(struct archive *reader, void *data, const void **bytes) {
  struct stance_archive *archive = data;
  ssize_t count;
  do count = pread(archive->file, archive->buffer, sizeof archive->buffer, archive->offset);
  while (count < 0 && errno == EINTR);
  if (count < 0) {
    archive_set_error(reader, errno, "The file can't be read");
    return ARCHIVE_FATAL;
  }
  archive->offset += count;
  *bytes = archive->buffer;
  return count;
}

static la_int64_t skip_bytes(struct archive *reader, void *data, la_int64_t wanted) {
  (void)reader;
  struct stance_archive *archive = data;
  int64_t left = archive->size - archive->offset;
  int64_t count = wanted < left ? wanted : left;
  if (count <= 0) return 0;
  archive->offset += count;
  return count;
}

static la_int64_t seek_bytes(struct archive *reader, void *data, la_int64_t offset, int whence) {
  (void)reader;
  struct stance_archive *archive = data;
  int64_t start = whence == SEEK_SET ? 0 : whence == SEEK_CUR ? archive->offset : archive->size;
  int64_t target;
  if (__builtin_add_overflow(start, offset, &target) || target < 0 || target > archive->size) return ARCHIVE_FAILED;
  archive->offset = target;
  return target;
}

struct stance_archive *stance_archive_open(int file, int64_t size) {
  struct stance_archive *archive = calloc(1, sizeof *archive);
  if (archive == NULL) return NULL;
  archive->file = file;
  archive->size = size;
  struct archive *reader = archive->reader = archive_read_new();
  // None of these starts a program: all are built into Debian's.
  if (reader == NULL || archive_read_support_filter_gzip(reader) != ARCHIVE_OK ||
      archive_read_support_filter_bzip2(reader) != ARCHIVE_OK || archive_read_support_filter_xz(reader) != ARCHIVE_OK ||
      archive_read_support_filter_zstd(reader) != ARCHIVE_OK || archive_read_support_format_tar(reader) != ARCHIVE_OK ||
      archive_read_support_format_zip(reader) != ARCHIVE_OK || archive_read_set_seek_callback(reader, seek_bytes) != ARCHIVE_OK) {
    stance_archive_close(archive);
    return NULL;
  }
  // A failure here shows at the first entry too.
  (void)archive_read_open2(reader, archive, NULL, read_bytes, skip_bytes, NULL);
  return archive;
}

void stance_archive_close(struct stance_archive *archive) {
  if (archive->reader != NULL) archive_read_free(archive->reader);
  free(archive);
}

static enum stance_archive_kind kind(struct archive_entry *entry) {
  if (archive_entry_hardlink(entry) != NULL) return STANCE_ARCHIVE_HARD_LINK;
  switch (archive_entry_filetype(entry)) {
    case AE_IFDIR: return STANCE_ARCHIVE_FOLDER;
    case AE_IFLNK: return STANCE_ARCHIVE_SYMBOLIC_LINK;
    case AE_IFCHR:
    case AE_IFBLK: return STANCE_ARCHIVE_DEVICE;
    case AE_IFIFO:
    case AE_IFSOCK: return STANCE_ARCHIVE_PIPE;
    default: return archive_entry_is_encrypted(entry) ? STANCE_ARCHIVE_ENCRYPTED : STANCE_ARCHIVE_FILE;
  }
}

static enum stance_archive_step step(int result) {
  switch (result) {
    case ARCHIVE_OK:
    // A name or a time that could not be understood, as a rule; of data ZIP says so where its size is not the one claimed.
    case ARCHIVE_WARN: return STANCE_ARCHIVE_DONE;
    case ARCHIVE_EOF: return STANCE_ARCHIVE_ENDED;
    case ARCHIVE_FAILED:
    case ARCHIVE_RETRY: return STANCE_ARCHIVE_ENTRY_FAILED;
    default: return STANCE_ARCHIVE_FAILED;
  }
}

enum stance_archive_step stance_archive_next(struct stance_archive *archive, struct stance_archive_entry *entry) {
  enum stance_archive_step came = step(archive_read_next_header(archive->reader, &archive->entry));
  if (came != STANCE_ARCHIVE_DONE) {
    archive->entry = NULL;
    return came;
  }
  if (archive_filter_count(archive->reader) > most_filters) {
    archive_set_error(archive->reader, EINVAL, "Unsupported: packed more than once");
    return STANCE_ARCHIVE_FAILED;
  }
  entry->name = archive_entry_pathname(archive->entry);
  entry->size = archive_entry_size_is_set(archive->entry) ? archive_entry_size(archive->entry) : -1;
  entry->kind = kind(archive->entry);
  return came;
}

enum stance_archive_step stance_archive_read(struct stance_archive *archive, void *bytes, size_t count, size_t *filled) {
  la_ssize_t result = archive_read_data(archive->reader, bytes, count);
  *filled = result > 0 ? (size_t)result : 0;
  if (result > 0) return STANCE_ARCHIVE_DONE;
  if (result == 0) return STANCE_ARCHIVE_ENDED;
  return result == ARCHIVE_FATAL ? STANCE_ARCHIVE_FAILED : STANCE_ARCHIVE_ENTRY_FAILED;
}

int stance_archive_skips(struct stance_archive *archive) {
  return archive_filter_count(archive->reader) == 1 && archive_entry_size_is_set(archive->entry);
}

enum stance_archive_step stance_archive_skip(struct stance_archive *archive) {
  enum stance_archive_step came = step(archive_read_data_skip(archive->reader));
  return came == STANCE_ARCHIVE_ENDED ? STANCE_ARCHIVE_DONE : came;
}

const char *stance_archive_message(struct stance_archive *archive) {
  const char *message = archive_error_string(archive->reader);
  return message != NULL ? message : "no reason given";
}

enum stance_archive_trouble stance_archive_trouble(struct stance_archive *archive) {
  const char *message = stance_archive_message(archive);
  if (archive_errno(archive->reader) == ENOMEM || strcasestr(message, "allocate memory") != NULL)
    return STANCE_ARCHIVE_NO_MEMORY;
  // Asked while no format is known, libarchive 3.6 calls what lies behind its list of formats.
  if (archive->entry == NULL && archive_format(archive->reader) != 0 && archive_read_has_encrypted_entries(archive->reader) > 0)
    return STANCE_ARCHIVE_LOCKED;
  // The second is zlib's word for too few bytes.
  if (strcasestr(message, "truncated") != NULL || strstr(message, "decompression failed (-5)") != NULL)
    return STANCE_ARCHIVE_TRUNCATED;
  if (strcasestr(message, "unrecognized archive") != NULL || strcasestr(message, "unsupported") != NULL)
    return STANCE_ARCHIVE_UNKNOWN;
  return STANCE_ARCHIVE_DAMAGED;
}
