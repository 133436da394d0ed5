#pragma once
// What is used of libpq 5. The library is loaded when the first store is opened, so a program without it starts, and no
// header of it is needed to build: everything goes through functions, and the pointers are opaque. Names and numbers are
// libpq's own, which keeps its interface since version 8.2 of PostgreSQL.
#include <stddef.h>

enum {
  stance_pq_connection_ok = 0,
  stance_pq_command_ok = 1,
  stance_pq_tuples_ok = 2,
  stance_pq_transaction_idle = 0,
  /// `PQPING_OK` and `PQPING_NO_ATTEMPT`.
  stance_pq_ping_ok = 0,
  stance_pq_ping_no_attempt = 3,
  /// `PQERRORS_VERBOSE`.
  stance_pq_verbose = 2,
  /// `PG_DIAG_SQLSTATE` and `PG_DIAG_MESSAGE_PRIMARY`.
  stance_pq_field_state = 'C',
  stance_pq_field_message = 'M',
};

/// A message of another session; `PQfreemem` frees it.
struct stance_pq_notification {
  char *_Nonnull channel;
  int process;
  char *_Nonnull payload;
};

/// The functions of the loaded library.
struct stance_pq {
  void *_Nullable (*_Nonnull PQconnectdbParams)(const char *_Nullable const *_Nonnull keywords,
                                                const char *_Nullable const *_Nonnull values, int expand_first_dbname);
  int (*_Nonnull PQpingParams)(const char *_Nullable const *_Nonnull keywords, const char *_Nullable const *_Nonnull values,
                               int expand_first_dbname);
  /// Gives the connection up and connects once more.
  void (*_Nonnull PQreset)(void *_Nonnull connection);
  int (*_Nonnull PQsetErrorVerbosity)(void *_Nonnull connection, int verbosity);
  /// 1 when the server wanted a password and there was none.
  int (*_Nonnull PQconnectionNeedsPassword)(const void *_Nonnull connection);
  void (*_Nonnull PQfinish)(void *_Nonnull connection);
  int (*_Nonnull PQstatus)(const void *_Nonnull connection);
  int (*_Nonnull PQtransactionStatus)(const void *_Nonnull connection);
  int (*_Nonnull PQserverVersion)(const void *_Nonnull connection);
  const char *_Nonnull (*_Nonnull PQerrorMessage)(const void *_Nonnull connection);
  int (*_Nonnull PQsocket)(const void *_Nonnull connection);
  int (*_Nonnull PQsetnonblocking)(void *_Nonnull connection, int is_nonblocking);
  void *_Nullable (*_Nonnull PQsetNoticeProcessor)(void *_Nonnull connection,
                                                   void (*_Nonnull)(void *_Nullable, const char *_Nonnull),
                                                   void *_Nullable);
  int (*_Nonnull PQsendQueryParams)(void *_Nonnull connection, const char *_Nonnull statement, int count,
                                    const unsigned *_Nullable types, const char *_Nullable const *_Nullable values,
                                    const int *_Nullable lengths, const int *_Nullable formats, int result_format);
  int (*_Nonnull PQsendQuery)(void *_Nonnull connection, const char *_Nonnull statements);
  int (*_Nonnull PQflush)(void *_Nonnull connection);
  int (*_Nonnull PQconsumeInput)(void *_Nonnull connection);
  int (*_Nonnull PQisBusy)(void *_Nonnull connection);
  void *_Nullable (*_Nonnull PQgetResult)(void *_Nonnull connection);
  struct stance_pq_notification *_Nullable (*_Nonnull PQnotifies)(void *_Nonnull connection);
  void (*_Nonnull PQfreemem)(void *_Nonnull memory);

  int (*_Nonnull PQresultStatus)(const void *_Nonnull result);
  const char *_Nullable (*_Nonnull PQresultErrorField)(const void *_Nonnull result, int field);
  int (*_Nonnull PQntuples)(const void *_Nonnull result);
  int (*_Nonnull PQnfields)(const void *_Nonnull result);
  unsigned (*_Nonnull PQftype)(const void *_Nonnull result, int column);
  int (*_Nonnull PQgetisnull)(const void *_Nonnull result, int row, int column);
  int (*_Nonnull PQgetlength)(const void *_Nonnull result, int row, int column);
  const char *_Nonnull (*_Nonnull PQgetvalue)(const void *_Nonnull result, int row, int column);
  const char *_Nonnull (*_Nonnull PQcmdTuples)(const void *_Nonnull result);
  void (*_Nonnull PQclear)(void *_Nonnull result);
  void *_Nullable (*_Nonnull PQsslStruct)(void *_Nonnull connection, const char *_Nonnull name);
  /// Of the OpenSSL that libpq uses; null for a libpq that uses none.
  int (*_Nullable SSL_pending)(const void *_Nonnull ssl);
};

/// Loads the library; null with the loader's words in `message`.
const struct stance_pq *_Nullable stance_pq_load(char *_Nonnull message, size_t size);

/// Has the server's notices (RAISE NOTICE, "already exists") dropped, which libpq would print.
void stance_pq_drop_notices(const struct stance_pq *_Nonnull functions, void *_Nonnull connection);

/// Whether TLS holds bytes that libpq has not read yet. The socket does not show them: they left it with the rest of their record,
/// of which libpq reads as much as it has room for.
_Bool stance_pq_holds_input(const struct stance_pq *_Nonnull functions, void *_Nonnull connection);
