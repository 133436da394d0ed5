#include "CTLS.h"
#include <arpa/inet.h>
#include <limits.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

struct stance_tls {
  SSL *ssl;
  // Both belong to `ssl`.
  BIO *incoming, *outgoing;
  int error;
};

static void first_error(char *message, size_t size, const char *otherwise) {
  unsigned long code = ERR_get_error();
  ERR_clear_error();
  const char *reason = code != 0 ? ERR_reason_error_string(code) : NULL;
  snprintf(message, size, "%s", reason != NULL ? reason : otherwise);
}

static SSL_CTX *context(const char *authorities, const char *certificate, const char *key, char *message, size_t size) {
  SSL_CTX *context = SSL_CTX_new(TLS_client_method());
  const char *step = "TLS can't be set up";
  bool is_right = context != NULL && SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION) == 1;
  if (is_right) {
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER, NULL);
    step = "the authorities can't be read";
    is_right = (authorities != NULL ? SSL_CTX_load_verify_file(context, authorities)
                                    : SSL_CTX_set_default_verify_paths(context)) == 1;
  }
  if (is_right && certificate != NULL) {
    step = "the certificate can't be read";
    is_right = SSL_CTX_use_certificate_chain_file(context, certificate) == 1;
  }
  if (is_right && key != NULL) {
    step = "the certificate's key can't be read";
    is_right = SSL_CTX_use_PrivateKey_file(context, key, SSL_FILETYPE_PEM) == 1;
  }
  if (is_right) return context;
  char reason[160];
  first_error(reason, sizeof reason, "no reason is told");
  snprintf(message, size, "%s: %s", step, reason);
  SSL_CTX_free(context);
  return NULL;
}

static bool expect(SSL *ssl, const char *host) {
  unsigned char address[sizeof(struct in6_addr)];
  X509_VERIFY_PARAM *parameters = SSL_get0_param(ssl);
  if (inet_pton(AF_INET, host, address) == 1 || inet_pton(AF_INET6, host, address) == 1)
    return X509_VERIFY_PARAM_set1_ip_asc(parameters, host) == 1;
  SSL_set_hostflags(ssl, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
  return SSL_set1_host(ssl, host) == 1 && SSL_set_tlsext_host_name(ssl, host) == 1;
}

stance_tls *stance_tls_create(const char *host, const char *authorities, const char *certificate, const char *key,
                              char *message, size_t size) {
  ERR_clear_error();
  SSL_CTX *settings = context(authorities, certificate, key, message, size);
  if (settings == NULL) return NULL;
  stance_tls *tls = calloc(1, sizeof *tls);
  SSL *ssl = tls != NULL ? SSL_new(settings) : NULL;
  SSL_CTX_free(settings);
  BIO *incoming = BIO_new(BIO_s_mem()), *outgoing = BIO_new(BIO_s_mem());
  if (ssl == NULL || incoming == NULL || outgoing == NULL || !expect(ssl, host)) {
    first_error(message, size, "no memory");
    BIO_free(incoming);
    BIO_free(outgoing);
    SSL_free(ssl);
    free(tls);
    return NULL;
  }
  // An empty one has no end, only nothing yet.
  BIO_set_mem_eof_return(incoming, -1);
  SSL_set_bio(ssl, incoming, outgoing);
  SSL_set_connect_state(ssl);
  *tls = (stance_tls){.ssl = ssl, .incoming = incoming, .outgoing = outgoing};
  return tls;
}

void stance_tls_free(stance_tls *tls) {
  SSL_free(tls->ssl);
  free(tls);
}

static int outcome(stance_tls *tls, int result) {
  if (result > 0) return stance_tls_done;
  tls->error = SSL_get_error(tls->ssl, result);
  switch (tls->error) {
    case SSL_ERROR_WANT_READ:
    case SSL_ERROR_WANT_WRITE: return stance_tls_wants;
    case SSL_ERROR_ZERO_RETURN: return stance_tls_ended;
    default: return stance_tls_failed;
  }
}

int stance_tls_shake(stance_tls *tls) {
  ERR_clear_error();
  return outcome(tls, SSL_do_handshake(tls->ssl));
}

int stance_tls_write(stance_tls *tls, const void *bytes, size_t count) {
  ERR_clear_error();
  size_t written = 0;
  // Memory takes all of it at once.
  return count == 0 ? stance_tls_done : outcome(tls, SSL_write_ex(tls->ssl, bytes, count, &written));
}

int stance_tls_read(stance_tls *tls, void *buffer, size_t size, size_t *count) {
  ERR_clear_error();
  return outcome(tls, SSL_read_ex(tls->ssl, buffer, size, count));
}

int stance_tls_incoming(stance_tls *tls, const void *bytes, size_t count) {
  if (count > INT_MAX) return stance_tls_failed;
  return count == 0 || BIO_write(tls->incoming, bytes, (int)count) == (int)count ? stance_tls_done : stance_tls_failed;
}

size_t stance_tls_outgoing(stance_tls *tls, void *buffer, size_t size) {
  int count = BIO_read(tls->outgoing, buffer, size > INT_MAX ? INT_MAX : (int)size);
  return count > 0 ? (size_t)count : 0;
}

void stance_tls_reason(stance_tls *tls, char *message, size_t size) {
  long verified = SSL_get_verify_result(tls->ssl);
  if (verified != X509_V_OK) {
    ERR_clear_error();
    snprintf(message, size, "the server's certificate: %s", X509_verify_cert_error_string(verified));
  } else {
    first_error(message, size, "the connection was cut");
  }
}
