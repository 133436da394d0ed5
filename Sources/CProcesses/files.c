#define _GNU_SOURCE
#include "CProcesses.h"
#include <errno.h>
#include <fcntl.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <unistd.h>

int stance_open_nameless(const char *folder) { return open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600); }

// The layout of openat2(2); the C library has no function for it.
struct open_how {
  uint64_t flags;
  uint64_t mode;
  uint64_t resolve;
};

enum { no_magic_links = 0x02, no_symlinks = 0x04, beneath = 0x08 };

#ifndef SYS_openat2
#define SYS_openat2 437
#endif

int stance_open_beneath(int folder, const char *path, int directory) {
  const struct open_how how = {
      .flags = O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | (directory ? O_DIRECTORY : 0),
      .resolve = beneath | no_symlinks | no_magic_links,
  };
  int result;
  // EAGAIN: others renamed something just then, so the kernel could not be sure.
  int tries = 100;
  do result = (int)syscall(SYS_openat2, folder, path, &how, sizeof how);
  while (result < 0 && (errno == EINTR || (errno == EAGAIN && --tries > 0)));
  return result;
}

int64_t stance_file_system(const char *path) {
  struct statfs system;
  return statfs(path, &system) == 0 ? (int64_t)(uint32_t)system.f_type : -1;
}
