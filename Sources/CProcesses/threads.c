#include "CProcesses.h"
#include <pthread.h>
#include <stdlib.h>

static void *wait_for(void *gate) {
  pthread_mutex_lock(gate);
  pthread_mutex_unlock(gate);
  return NULL;
}

int stance_try_threads(size_t count) {
  pthread_t *threads = calloc(count, sizeof *threads);
  if (threads == NULL) return 0;  // Memory is not what was asked about.
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setstacksize(&attributes, 256 << 10);
  // Held until all are there: only together do they count against a limit.
  pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER;
  pthread_mutex_lock(&gate);
  int error = 0;
  size_t started = 0;
  while (started < count && error == 0) {
    error = pthread_create(&threads[started], &attributes, wait_for, &gate);
    if (error == 0) started++;
  }
  pthread_mutex_unlock(&gate);
  for (size_t i = 0; i < started; i++) pthread_join(threads[i], NULL);
  pthread_attr_destroy(&attributes);
  free(threads);
  return error;
}
