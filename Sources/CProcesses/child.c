#define _GNU_SOURCE
#include "CProcesses.h"
#include <errno.h>
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

static int keep_clear(int ends[2]) {
  for (int i = 0; i < 2; i++) {
    if (ends[i] >= 16) continue;
    int moved = fcntl(ends[i], F_DUPFD_CLOEXEC, 16);
    if (moved < 0) {
      int error = errno;
      close(ends[0]);
      close(ends[1]);
      errno = error;
      return -1;
    }
    close(ends[i]);
    ends[i] = moved;
  }
  return 0;
}

int stance_output_pipe(int ends[2]) {
  if (pipe2(ends, O_CLOEXEC) != 0 || keep_clear(ends) != 0) return -1;
  fcntl(ends[1], F_SETPIPE_SZ, 1 << 20);  // Best effort: fewer wake-ups for large pictures.
  fcntl(ends[0], F_SETFL, O_NONBLOCK);
  return 0;
}

int stance_input_pair(int ends[2]) {
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) return -1;
  return keep_clear(ends);
}

ssize_t stance_send(int socket, const void *bytes, size_t count) {
  return send(socket, bytes, count, MSG_NOSIGNAL | MSG_DONTWAIT);
}

int stance_pidfd_open(pid_t pid) { return (int)syscall(SYS_pidfd_open, pid, 0); }

int stance_close_from(posix_spawn_file_actions_t *actions, int first) {
  return posix_spawn_file_actions_addclosefrom_np(actions, first);
}

static int cap(pid_t pid, __rlimit_resource_t resource, uint64_t soft, uint64_t hard) {
  // The child may be under a tighter limit already, which only root could lift.
  struct rlimit limit;
  if (prlimit(pid, resource, NULL, &limit) != 0) return -1;
  if (limit.rlim_max > hard) limit.rlim_max = hard;
  limit.rlim_cur = soft < limit.rlim_max ? soft : limit.rlim_max;
  return prlimit(pid, resource, &limit, NULL);
}

int stance_limit(pid_t pid, uint64_t memory, uint64_t seconds, int niceness) {
  if (cap(pid, RLIMIT_CORE, 0, 0) != 0) return -1;
  // Ours may be raised far above what select(2), and loops over all descriptors, can do with.
  if (cap(pid, RLIMIT_NOFILE, 1024, 1024) != 0) return -1;
  if (memory != 0 && cap(pid, RLIMIT_AS, memory, memory) != 0) return -1;
  // SIGXCPU, and a second later SIGKILL.
  if (seconds != 0 && cap(pid, RLIMIT_CPU, seconds, seconds + 1) != 0) return -1;
  // Of one thread only, but it has just started: those that it makes later inherit it.
  if (niceness != 0 && setpriority(PRIO_PROCESS, (id_t)pid, niceness) != 0) return -1;
  return 0;
}
