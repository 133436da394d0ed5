#define _GNU_SOURCE
#include "CProcesses.h"
#include <fcntl.h>
#include <sys/vfs.h>

int stance_open_nameless(const char *folder) { return open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600); }

int64_t stance_file_system(const char *path) {
  struct statfs system;
  return statfs(path, &system) == 0 ? (int64_t)(uint32_t)system.f_type : -1;
}
