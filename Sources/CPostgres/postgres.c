#include "CPostgres.h"
#include <dlfcn.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>

static struct stance_pq functions;
static bool is_loaded;
static char trouble[256];
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void load(void) {
  void *library = dlopen("libpq.so.5", RTLD_NOW | RTLD_LOCAL);
  bool is_whole = library != NULL;
#define FIND(name) \
  if (is_whole) is_whole = (*(void **)&functions.name = dlsym(library, #name)) != NULL
  FIND(PQconnectdbParams);
  FIND(PQpingParams);
  FIND(PQreset);
  FIND(PQsetErrorVerbosity);
  FIND(PQconnectionNeedsPassword);
  FIND(PQfinish);
  FIND(PQstatus);
  FIND(PQtransactionStatus);
  FIND(PQserverVersion);
  FIND(PQerrorMessage);
  FIND(PQsocket);
  FIND(PQsetnonblocking);
  FIND(PQsetNoticeProcessor);
  FIND(PQsendQueryParams);
  FIND(PQsendQuery);
  FIND(PQflush);
  FIND(PQconsumeInput);
  FIND(PQisBusy);
  FIND(PQgetResult);
  FIND(PQnotifies);
  FIND(PQfreemem);
  FIND(PQresultStatus);
  FIND(PQresultErrorField);
  FIND(PQntuples);
  FIND(PQnfields);
  FIND(PQftype);
  FIND(PQgetisnull);
  FIND(PQgetlength);
  FIND(PQgetvalue);
  FIND(PQcmdTuples);
  FIND(PQclear);
  FIND(PQsslStruct);
#undef FIND
  // Found among the libraries that libpq was linked with.
  if (is_whole) *(void **)&functions.SSL_pending = dlsym(library, "SSL_pending");
  is_loaded = is_whole;
  if (is_loaded) return;
  const char *words = dlerror();
  snprintf(trouble, sizeof trouble, "%s", words != NULL ? words : "it can't be loaded");
}

const struct stance_pq *stance_pq_load(char *message, size_t size) {
  pthread_once(&once, load);
  if (is_loaded) return &functions;
  snprintf(message, size, "%s", trouble);
  return NULL;
}

static void drop(void *user, const char *message) { (void)user, (void)message; }

void stance_pq_drop_notices(const struct stance_pq *functions, void *connection) {
  functions->PQsetNoticeProcessor(connection, drop, NULL);
}

bool stance_pq_holds_input(const struct stance_pq *functions, void *connection) {
  void *ssl = functions->PQsslStruct(connection, "OpenSSL");
  return ssl != NULL && functions->SSL_pending != NULL && functions->SSL_pending(ssl) > 0;
}
