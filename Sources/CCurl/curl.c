#include "CCurl.h"
#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

typedef struct CURL CURL;
struct curl_slist;

enum {
  NO_PROGRESS = 43,
  NO_BODY = 44,
  UPLOAD = 46,
  FOLLOW_LOCATION = 52,
  LOW_SPEED_LIMIT = 19,
  LOW_SPEED_TIME = 20,
  HTTP_VERSION = 84,
  NO_SIGNAL = 99,
  TIMEOUT_MS = 155,
  CONNECT_TIMEOUT_MS = 156,
  WRITE_DATA = 10001,
  URL = 10002,
  READ_DATA = 10009,
  ERROR_BUFFER = 10010,
  HTTP_HEADER = 10023,
  HEADER_DATA = 10029,
  CUSTOM_REQUEST = 10036,
  PROGRESS_DATA = 10057,
  CA_INFO = 10065,
  NO_PROXY = 10177,
  RESOLVE = 10203,
  PROTOCOLS = 10318,
  WRITE_FUNCTION = 20011,
  READ_FUNCTION = 20012,
  HEADER_FUNCTION = 20079,
  PROGRESS_FUNCTION = 20219,
  BODY_SIZE = 30115,
};
enum { ERROR_SIZE = 256, GLOBAL_DEFAULT = 3, HTTP_1_1 = 2, RESPONSE_CODE = 0x200002 };
enum { OK = 0, TIMED_OUT = 28, READ_ABORT = 0x10000000 };

static struct {
  int (*curl_global_init)(long);
  CURL *(*curl_easy_init)(void);
  int (*curl_easy_setopt)(CURL *, int, ...);
  int (*curl_easy_perform)(CURL *);
  int (*curl_easy_getinfo)(CURL *, int, ...);
  void (*curl_easy_cleanup)(CURL *);
  const char *(*curl_easy_strerror)(int);
  struct curl_slist *(*curl_slist_append)(struct curl_slist *, const char *);
  void (*curl_slist_free_all)(struct curl_slist *);
} curl;
static bool is_loaded;
static char trouble[256];
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void load(void) {
  void *library = dlopen("libcurl.so.4", RTLD_NOW | RTLD_LOCAL);
  bool is_whole = library != NULL;
#define FIND(name) \
  if (is_whole) is_whole = (*(void **)&curl.name = dlsym(library, #name)) != NULL
  FIND(curl_global_init);
  FIND(curl_easy_init);
  FIND(curl_easy_setopt);
  FIND(curl_easy_perform);
  FIND(curl_easy_getinfo);
  FIND(curl_easy_cleanup);
  FIND(curl_easy_strerror);
  FIND(curl_slist_append);
  FIND(curl_slist_free_all);
#undef FIND
  if (!is_whole) {
    const char *words = dlerror();
    snprintf(trouble, sizeof trouble, "%s", words != NULL ? words : "it can't be loaded");
  } else if (curl.curl_global_init(GLOBAL_DEFAULT) != OK) {
    snprintf(trouble, sizeof trouble, "it can't be started");
  } else {
    is_loaded = true;
  }
}

bool stance_curl_load(char *message, size_t size) {
  pthread_once(&once, load);
  if (!is_loaded) snprintf(message, size, "%s", trouble);
  return is_loaded;
}

static size_t give_body(char *buffer, size_t size, size_t count, void *request) {
  const stance_curl_request *own = request;
  ptrdiff_t given = own->read(own->context, buffer, size * count);
  return given < 0 ? READ_ABORT : (size_t)given;
}

static size_t take_field(char *line, size_t size, size_t count, void *request) {
  const stance_curl_request *own = request;
  own->field(own->context, line, size * count);
  return size * count;
}

static size_t take_body(char *bytes, size_t size, size_t count, void *request) {
  const stance_curl_request *own = request;
  return own->write(own->context, bytes, size * count) ? size * count : 0;
}

static int ask_to_go_on(void *request, int64_t a, int64_t b, int64_t c, int64_t d) {
  const stance_curl_request *own = request;
  return own->gives_up(own->context);
}

/// A copy of the list with one more text; `is_whole` becomes false, and the list stays, when there is no memory.
static struct curl_slist *add(struct curl_slist *list, const char *text, bool *is_whole) {
  struct curl_slist *longer = curl.curl_slist_append(list, text);
  if (longer == NULL) *is_whole = false;
  return longer != NULL ? longer : list;
}

long stance_curl_perform(const stance_curl_request *request, bool *timed_out, char *message, size_t size) {
  *timed_out = false;
  CURL *handle = curl.curl_easy_init();
  if (handle == NULL) {
    snprintf(message, size, "there is no memory");
    return 0;
  }
  char detail[ERROR_SIZE] = "";
  struct curl_slist *fields = NULL, *resolved = NULL;
  bool is_whole = true;
  for (const char *_Nullable const *field = request->fields; *field != NULL; field++)
    fields = add(fields, *field, &is_whole);
  if (request->resolved != NULL) resolved = add(resolved, request->resolved, &is_whole);

  int failure = OK;
#define SET(option, value) \
  if (failure == OK) failure = curl.curl_easy_setopt(handle, option, value)
  SET(ERROR_BUFFER, detail);
  SET(NO_SIGNAL, 1L);
  SET(URL, request->url);
  SET(PROTOCOLS, request->schemes);
  SET(FOLLOW_LOCATION, 0L);
  SET(HTTP_VERSION, (long)HTTP_1_1);
  SET(HTTP_HEADER, fields);
  SET(TIMEOUT_MS, request->time_limit);
  SET(CONNECT_TIMEOUT_MS, request->connect_limit);
  SET(LOW_SPEED_LIMIT, 1L);
  SET(LOW_SPEED_TIME, request->silence_limit);
  SET(HEADER_FUNCTION, take_field);
  SET(HEADER_DATA, request);
  SET(WRITE_FUNCTION, take_body);
  SET(WRITE_DATA, request);
  SET(PROGRESS_FUNCTION, ask_to_go_on);
  SET(PROGRESS_DATA, request);
  SET(NO_PROGRESS, 0L);
  if (request->avoids_proxy) SET(NO_PROXY, "*");
  if (request->authorities != NULL) SET(CA_INFO, request->authorities);
  if (resolved != NULL) SET(RESOLVE, resolved);
  if (request->body_size >= 0) {
    SET(UPLOAD, 1L);
    SET(BODY_SIZE, request->body_size);
    SET(READ_FUNCTION, give_body);
    SET(READ_DATA, request);
  } else if (strcmp(request->method, "HEAD") == 0) {
    SET(NO_BODY, 1L);
  }
  SET(CUSTOM_REQUEST, request->method);
#undef SET
  if (failure == OK && is_whole) failure = curl.curl_easy_perform(handle);

  long status = 0;
  if (!is_whole) {
    snprintf(message, size, "there is no memory");
  } else if (failure != OK) {
    *timed_out = failure == TIMED_OUT;
    snprintf(message, size, "%s", detail[0] != 0 ? detail : curl.curl_easy_strerror(failure));
  } else {
    curl.curl_easy_getinfo(handle, RESPONSE_CODE, &status);
  }
  curl.curl_easy_cleanup(handle);
  curl.curl_slist_free_all(fields);
  curl.curl_slist_free_all(resolved);
  return status;
}
