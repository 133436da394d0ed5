#pragma once
#include "CHTTPServer.h"
#include <boost/asio/buffer.hpp>
#include <string>
#include <utility>

/// Answers a waiter exactly once: whoever drops it unanswered says HTTP_GONE.
class Reply {
public:
  Reply(decltype(http_callbacks::reply) function, void *waiter) : function(function), waiter(waiter) {}
  Reply(Reply &&other) noexcept : function(other.function), waiter(std::exchange(other.waiter, nullptr)) {}
  Reply &operator=(Reply &&) = delete;
  ~Reply() { (*this)(HTTP_GONE); }

  void operator()(http_result result, boost::asio::const_buffer bytes = {}) {
    void *once = std::exchange(waiter, nullptr);
    if (once) function(once, result, static_cast<const uint8_t *>(bytes.data()), bytes.size());
  }

private:
  decltype(http_callbacks::reply) function;
  void *waiter;
};

/// What the handler wants of a connection: http_command, with bytes of its own.
struct Command {
  http_command_kind kind;
  Reply reply;
  std::string head{}, bytes{};
  size_t limit = 0;
  uint16_t code = 0;
};
