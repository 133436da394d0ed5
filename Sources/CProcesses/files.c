#define _GNU_SOURCE
#include "CProcesses.h"
#include <fcntl.h>

int stance_open_nameless(const char *folder) { return open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600); }
