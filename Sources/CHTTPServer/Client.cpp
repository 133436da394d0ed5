#include "Client.hpp"
#include <boost/beast/core/buffers_suffix.hpp>
#include <poll.h>

/// A plain client that has ended its sending may still read: half-closed is not gone. Only a reset says that, or a write
/// that fails. Through TLS nobody reads on after saying goodbye, and a connection that ends without it was cut.
/// Reading ahead would see neither behind pipelined bytes.
bool Stream::peerHungUp(bool endIsGone) {
  short end = endIsGone || tls ? POLLRDHUP : 0;
  pollfd state{socket.native_handle(), end, 0};
  return poll(&state, 1, 0) == 1 && state.revents != 0;
}

bool Client::expires() {
  if (Clock::now() < deadline) return false;
  allowForever();
  return isExpired = true;
}

net::awaitable<bool> Client::write(Pace &pace, net::const_buffer first, net::const_buffer second, net::const_buffer third) {
  beast::buffers_suffix rest(std::array{first, second, third});
  error_code error;
  while (!error && net::buffer_size(rest) > 0) {
    size_t count;
    allowUntil(pace.begin());
    std::tie(error, count) = co_await stream.async_write_some(rest, quietly);
    pace.end(count);
    rest.consume(count);
  }
  allowForever();
  co_return !error;
}
