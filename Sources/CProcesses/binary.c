#define _GNU_SOURCE
#include "CProcesses.h"
#include <dlfcn.h>
#include <elf.h>
#include <link.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

int stance_binary_path(char *buffer, size_t size) {
  Dl_info info;
  struct link_map *map = NULL;
  if (dladdr1((void *)&stance_binary_path, &info, (void **)&map, RTLD_DL_LINKMAP) == 0) return -1;
  if (map != NULL && map->l_name != NULL && map->l_name[0] != '\0') {
    int length = snprintf(buffer, size, "%s", map->l_name);
    return length > 0 && (size_t)length < size ? 0 : -1;
  }
  // The main program has no name in the link map (dladdr gives argv[0], which may be relative).
  ssize_t length = readlink("/proc/self/exe", buffer, size - 1);
  if (length < 0 || (size_t)length >= size - 1) return -1;
  buffer[length] = '\0';
  return 0;
}
