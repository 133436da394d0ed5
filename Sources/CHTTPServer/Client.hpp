#pragma once
#include "CHTTPServer.h"
#include "Stream.hpp"
#include <array>
#include <boost/beast/core/flat_buffer.hpp>
#include <chrono>

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

/// How long a client may take over a body or a response: it may fall `transfer_ms` behind `minimum_rate`.
/// Only the time it is waited for counts; being fast earns no more than that.
class Pace {
public:
  explicit Pace(const http_limits &limits) : limits(limits), left(milliseconds(limits.transfer_ms)) {}

  Clock::time_point begin() { return (begun = Clock::now()) + left; }
  void end(size_t bytes) {
    auto earned = std::chrono::microseconds(uint64_t(bytes) * 1'000'000 / std::max(1u, limits.minimum_rate));
    left = std::min<Clock::duration>(milliseconds(limits.transfer_ms), left + earned - (Clock::now() - begun));
  }

private:
  const http_limits &limits;
  Clock::duration left;
  Clock::time_point begun;
};

/// A client's socket, what it has sent that is not parsed yet, and until when it has to do what it is
/// waited for. Deadlines have no timers: the server's sweep looks at them, and cancels what is overdue.
class Client {
public:
  static constexpr size_t initialInput = 4 << 10;  // or Beast reads heads 512 bytes at a time
  static constexpr size_t maximumInput = 256 << 10;

  Client(tcp::socket accepted, std::shared_ptr<net::ssl::context> certificate)
      : stream(std::move(accepted), std::move(certificate)), input(maximumInput) {
    input.reserve(initialInput);
  }

  void allow(milliseconds time) { allowUntil(Clock::now() + time); }
  void allowUntil(Clock::time_point time) { deadline = time; isExpired = false; }
  void allowForever() { deadline = Clock::time_point::max(); }
  /// Once: whoever was waited for until now is late.
  bool expires();
  /// Whether what was waited for last was cut off for being late.
  bool isLate() const { return isExpired; }

  /// Sends everything, or says false: the client has left, or was too slow.
  net::awaitable<bool> write(Pace &pace, net::const_buffer first, net::const_buffer second = {}, net::const_buffer third = {});

  Stream stream;
  beast::flat_buffer input;
  bool isUnread = false;  // nothing is read from it, so that it could leave unnoticed

private:
  Clock::time_point deadline = Clock::time_point::max();
  bool isExpired = false;
};
