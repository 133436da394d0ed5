#include "TurnedAway.hpp"

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

static constexpr auto lingerTime = 1s;

/// Reads what has come, within bounds. False: the client has left.
static bool readOn(tcp::socket &socket) {
  static constexpr int maxParts = 16;
  char waste[64 << 10];
  error_code error;
  for (int part = 0; part < maxParts && !error; part++) socket.read_some(net::buffer(waste), error);
  return !error || error == net::error::would_block;
}

void TurnedAway::add(tcp::socket socket, size_t most) {
  if (clients.size() >= most && !clients.empty()) {
    readOn(clients.front().socket);
    clients.pop_front();
  }
  clients.push_back({std::move(socket), Clock::now() + lingerTime});
}

void TurnedAway::sweep() {
  std::erase_if(clients, [now = Clock::now()](Client &client) { return !readOn(client.socket) || client.deadline <= now; });
}
