#pragma once
// What is used of libcurl, from 7.85 on: loaded at the first request, so a program without it starts, and no header of it is
// needed to build. Numbers of options are part of curl's stable interface (curl/curl.h).
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

typedef struct {
  const char *method;
  const char *url;
  /// "https" or "http,https".
  const char *schemes;
  /// Lines of fields, ended by a null.
  const char *_Nullable const *_Nonnull fields;
  /// "HOST:PORT:ADDRESS[,ADDRESS]": connects there and looks nothing up. Null: as the system does.
  const char *_Nullable resolved;
  /// A PEM file of who is trusted instead of the system's. Null: the system's.
  const char *_Nullable authorities;
  /// No proxy of the environment's is asked.
  bool avoids_proxy;
  /// Milliseconds in all; 0: no bound but the next.
  long time_limit;
  /// Milliseconds.
  long connect_limit;
  /// Seconds without a byte after which it ends.
  long silence_limit;
  /// Bytes of the body, or below 0 for none.
  int64_t body_size;
  void *context;
  /// Fills the buffer with more of the body; 0: the end, below 0: give up.
  ptrdiff_t (*read)(void *context, char *buffer, size_t size);
  /// A field's line of the answer.
  void (*field)(void *context, const char *line, size_t size);
  /// More of the answer's body; false: give up.
  bool (*write)(void *context, const char *bytes, size_t size);
  /// Asked now and then: true: give up.
  bool (*gives_up)(void *context);
} stance_curl_request;

/// Loads the library, once. False, with why in `message`, when it can't be.
bool stance_curl_load(char *message, size_t size);

/// Makes one request, of which no redirect is followed. Returns the answer's status; 0, with why in `message`, when there is
/// none. `timed_out` says whether a limit ended it. Only after `stance_curl_load` has returned true.
long stance_curl_perform(
    const stance_curl_request *request, bool *timed_out, char *message, size_t size);

#pragma clang assume_nonnull end
