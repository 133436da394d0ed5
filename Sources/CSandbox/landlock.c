#define _GNU_SOURCE
#include "CSandbox.h"
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

// Declared here: Debian's headers of the kernel are older than many a kernel.
#ifndef SYS_landlock_create_ruleset
#define SYS_landlock_create_ruleset 444
#define SYS_landlock_add_rule 445
#define SYS_landlock_restrict_self 446
#endif

struct ruleset {
  uint64_t files;
  uint64_t network;  // From version 4; seccomp forbids sockets altogether.
  uint64_t scopes;   // From version 6.
};

struct path_rule {
  uint64_t allowed;
  int32_t parent;
} __attribute__((packed));

enum { execute = 1 << 0, write_file = 1 << 1, read_file = 1 << 2, all_of_version_1 = (1 << 13) - 1 };
enum { refer = 1 << 13, truncate_file = 1 << 14, control_device = 1 << 15 };
enum { abstract_sockets = 1 << 0, signals = 1 << 1 };
enum { version_flag = 1, rule_path_beneath = 1 };

int stance_forbid_new_privileges(void) { return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); }

int stance_end_with_parent(void) { return prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0); }

int stance_landlock_version(void) {
  long version = syscall(SYS_landlock_create_ruleset, NULL, 0, version_flag);
  return version < 0 ? 0 : (int)version;
}

static void allow(int rules, const char *path, uint64_t rights) {
  int parent = open(path, O_PATH | O_CLOEXEC);
  if (parent < 0) return;
  const struct path_rule rule = {.allowed = rights, .parent = parent};
  // Without this rule the path stays out of reach: strict is safe.
  (void)syscall(SYS_landlock_add_rule, rules, rule_path_beneath, &rule, 0);
  close(parent);
}

int stance_landlock_restrict(const char *const *readable, const char *const *writable, const char *const *executable,
                             const char *const *devices) {
  int version = stance_landlock_version();
  if (version < 1) return -1;
  struct ruleset attributes = {.files = all_of_version_1};
  size_t size = sizeof attributes.files;
  if (version >= 2) attributes.files |= refer;
  if (version >= 3) attributes.files |= truncate_file;
  if (version >= 5) attributes.files |= control_device;
  if (version >= 6) {
    attributes.scopes = abstract_sockets | signals;
    size = sizeof attributes;
  }
  int rules = (int)syscall(SYS_landlock_create_ruleset, &attributes, size, 0);
  if (rules < 0) return -1;
  for (; *readable != NULL; readable++) allow(rules, *readable, read_file);
  uint64_t write = (write_file | truncate_file) & attributes.files;
  for (; *writable != NULL; writable++) allow(rules, *writable, read_file | write);
  for (; *executable != NULL; executable++) allow(rules, *executable, read_file | execute);
  uint64_t device = (read_file | write_file | control_device) & attributes.files;
  for (; *devices != NULL; devices++) allow(rules, *devices, device);
  long done = syscall(SYS_landlock_restrict_self, rules, 0);
  close(rules);
  return done == 0 ? 0 : -1;
}
