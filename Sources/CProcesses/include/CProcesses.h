#pragma once
// What the Glibc module hides from Swift: the GNU names, since it is built without _GNU_SOURCE.
#include <stddef.h>

/// Path of the program or shared object that this function was linked into; 0 on success, -1 if unknown or too long.
int stance_binary_path(char *_Nonnull buffer, size_t size);

#include <spawn.h>
#include <stdint.h>
#include <sys/types.h>

/// A pipe, both ends close-on-exec and numbered 16 or more, so that a child's own table never overwrites them; reading
/// never blocks. 0 on success, -1 with errno set.
int stance_output_pipe(int ends[_Nonnull 2]);

/// A stream socket pair with the same care for a child's standard input: unlike a pipe it can be written without SIGPIPE.
int stance_input_pair(int ends[_Nonnull 2]);

/// Sends what fits without waiting and without SIGPIPE; the count sent, or -1 with errno set.
ssize_t stance_send(int socket, const void *_Nonnull bytes, size_t count);

/// A descriptor that polls as readable once the process has ended; -1 with errno set.
int stance_pidfd_open(pid_t pid);

/// Adds "close every descriptor from `first` on"; 0 or an error number.
int stance_close_from(posix_spawn_file_actions_t *_Nonnull actions, int first);

/// Caps a process's address space (bytes) and processor time (seconds) and sets its niceness, 0 leaves each as it is; core
/// dumps are always off, and open files at most 1024. 0 on success, -1 with errno set.
int stance_limit(pid_t pid, uint64_t memory, uint64_t seconds, int niceness);

/// Starts so many threads, has them all exist at once, and ends them; 0, or the error number of the one that could not be
/// started.
int stance_try_threads(size_t count);

/// Raises this process's soft limit of open files to the hard one, which needs no right; how many may be open now, 0 when
/// that can't be told.
size_t stance_raise_descriptors(void);

/// Opens a new file without a name in `folder`, for reading and writing, for this user alone; -1 with errno set, EOPNOTSUPP or
/// EISDIR where the file system knows no such files.
int stance_open_nameless(const char *_Nonnull folder);

/// The kind of file system that `path` lies on, as the f_type of statfs(2), or -1.
int64_t stance_file_system(const char *_Nonnull path);

/// Opens what lies at `path` below `folder`: without following links, in any part of the path, and without leaving the folder,
/// whatever others rename meanwhile. A pipe or a device is not waited for. `directory` is 0 or 1. -1 with errno set: ENOSYS where
/// the kernel is older than 5.6, ELOOP for a link, EXDEV for what lies outside.
int stance_open_beneath(int folder, const char *_Nonnull path, int directory);

/// Converts GB18030 to UTF-8; how many bytes that makes, or -1 when these are not GB18030, when there is not the room, and where
/// the C library's converter is not installed.
ssize_t stance_from_gb18030(const void *_Nonnull bytes, size_t count, void *_Nonnull text, size_t room);
