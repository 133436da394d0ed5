#include "CHiredis.h"
#include <dlfcn.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>

static struct stance_hiredis functions;
static bool is_loaded;
static char trouble[256];
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void load(void) {
  // The layout of replies is this version's.
  void *library = dlopen("libhiredis.so.0.14", RTLD_NOW | RTLD_LOCAL);
  bool is_whole = library != NULL;
#define FIND(name) \
  if (is_whole) is_whole = (*(void **)&functions.name = dlsym(library, #name)) != NULL
  FIND(redisReaderCreate);
  FIND(redisReaderFree);
  FIND(redisReaderFeed);
  FIND(redisReaderGetReply);
  FIND(freeReplyObject);
#undef FIND
  is_loaded = is_whole;
  if (is_loaded) return;
  const char *words = dlerror();
  snprintf(trouble, sizeof trouble, "%s", words != NULL ? words : "it can't be loaded");
}

const struct stance_hiredis *stance_hiredis_load(char *message, size_t size) {
  pthread_once(&once, load);
  if (is_loaded) return &functions;
  snprintf(message, size, "%s", trouble);
  return NULL;
}
