#include "Certificate.hpp"
#include <openssl/ssl.h>
#include <stdexcept>

namespace ssl = boost::asio::ssl;

/// A client that speaks other protocols too is told that this is HTTP/1.1 (RFC 7301).
static int chooseProtocol(
    SSL *, const unsigned char **chosen, unsigned char *count, const unsigned char *offered, unsigned offeredCount,
    void *) {
  static constexpr unsigned char ours[] = "\x08http/1.1";
  unsigned char *match = nullptr;
  int outcome = SSL_select_next_proto(&match, count, ours, sizeof ours - 1, offered, offeredCount);
  *chosen = match;
  return outcome == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_ALERT_FATAL;
}

static std::shared_ptr<ssl::context> makeContext(const std::string &chainFile, const std::string &keyFile) {
  auto context = std::make_shared<ssl::context>(ssl::context::tls_server);
  SSL_CTX_set_min_proto_version(context->native_handle(), TLS1_2_VERSION);
  SSL_CTX_set_mode(context->native_handle(), SSL_MODE_RELEASE_BUFFERS);
  SSL_CTX_set_alpn_select_cb(context->native_handle(), chooseProtocol, nullptr);
  boost::system::error_code error;
  context->use_certificate_chain_file(chainFile, error);
  if (error) throw std::runtime_error(chainFile + " is no certificate in PEM: " + error.message());
  context->use_private_key_file(keyFile, ssl::context::pem, error);
  if (error) throw std::runtime_error(keyFile + " is no private key in PEM of " + chainFile + ": " + error.message());
  return context;
}

Certificate::Certificate(const char *chainFile, const char *keyFile)
    : chainFile(chainFile ? chainFile : ""), keyFile(keyFile ? keyFile : "") {
  if (chainFile) reload();
}

void Certificate::reload() {
  if (chainFile.empty()) return;
  auto renewed = makeContext(chainFile, keyFile);
  std::lock_guard lock(mutex);
  context = std::move(renewed);
}

std::shared_ptr<ssl::context> Certificate::current() const {
  std::lock_guard lock(mutex);
  return context;
}
