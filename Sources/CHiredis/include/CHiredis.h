#pragma once
// What is used of hiredis 0.14: its reader of replies. The library is loaded when the first store is opened, so a program
// without it starts, and no header of it is needed to build. Names, numbers and layouts are hiredis' own; the file name of
// the library has the version of its interface in it.
#include <stddef.h>

/// What a reply is.
enum {
  stance_redis_string = 1,
  stance_redis_array = 2,
  stance_redis_integer = 3,
  stance_redis_nil = 4,
  stance_redis_status = 5,
  stance_redis_error = 6,
};

/// hiredis' `redisReply`.
struct stance_redis_reply {
  int type;
  long long integer;
  size_t length;
  const char *_Nullable text;
  size_t count;
  struct stance_redis_reply *_Nonnull *_Nullable elements;
};

/// The functions of the loaded library.
struct stance_hiredis {
  void *_Nullable (*_Nonnull redisReaderCreate)(void);
  void (*_Nonnull redisReaderFree)(void *_Nonnull reader);
  int (*_Nonnull redisReaderFeed)(void *_Nonnull reader, const char *_Nonnull bytes, size_t count);
  /// 0 with a null reply: more bytes are needed.
  int (*_Nonnull redisReaderGetReply)(void *_Nonnull reader, void *_Nullable *_Nonnull reply);
  void (*_Nonnull freeReplyObject)(void *_Nonnull reply);
};

/// Loads the library; null with the loader's words in `message`.
const struct stance_hiredis *_Nullable stance_hiredis_load(char *_Nonnull message, size_t size);
