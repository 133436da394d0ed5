#pragma once
#include <boost/asio/ssl/context.hpp>
#include <memory>
#include <mutex>
#include <string>

/// The server's certificate, which can be renewed while it runs. Without files: no TLS.
class Certificate {
public:
  /// PEM files, or both null. Throws which of them cannot be used, and why.
  Certificate(const char *chainFile, const char *keyFile);

  /// Reads the files again. Throws, and keeps what it has, when they cannot be used.
  void reload();
  /// For a new connection, which keeps it to its end. Null: no TLS.
  std::shared_ptr<boost::asio::ssl::context> current() const;

private:
  const std::string chainFile, keyFile;
  mutable std::mutex mutex;
  std::shared_ptr<boost::asio::ssl::context> context;
};
