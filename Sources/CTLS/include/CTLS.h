#pragma once
// The client's side of TLS by OpenSSL, as a filter between bytes and bytes: the socket is the caller's.
#include <stddef.h>

typedef struct stance_tls stance_tls;

/// What a call came to.
enum {
  stance_tls_done = 0,
  /// More of the server's bytes are needed.
  stance_tls_wants = 1,
  /// The server has ended the connection in order.
  stance_tls_ended = 2,
  stance_tls_failed = 3,
};

/// A client for one connection, which trusts the system's authorities or those of `authorities`, and shows a certificate if it
/// has one. The server's certificate must be for `host`, a name or an address. Null with words in `message`.
stance_tls *_Nullable stance_tls_create(const char *_Nonnull host, const char *_Nullable authorities,
                                        const char *_Nullable certificate, const char *_Nullable key,
                                        char *_Nonnull message, size_t size);
void stance_tls_free(stance_tls *_Nonnull);

/// Goes on with the handshake.
int stance_tls_shake(stance_tls *_Nonnull);
/// Takes all of `bytes` in; what is to be sent comes out of `stance_tls_outgoing`.
int stance_tls_write(stance_tls *_Nonnull, const void *_Nonnull bytes, size_t count);
/// Gives bytes that have arrived, as many as there are and fit.
int stance_tls_read(stance_tls *_Nonnull, void *_Nonnull buffer, size_t size, size_t *_Nonnull count);

/// Bytes from the server.
int stance_tls_incoming(stance_tls *_Nonnull, const void *_Nonnull bytes, size_t count);
/// Bytes for the server, how many were there.
size_t stance_tls_outgoing(stance_tls *_Nonnull, void *_Nonnull buffer, size_t size);
/// Why the last call failed.
void stance_tls_reason(stance_tls *_Nonnull, char *_Nonnull message, size_t size);
