#pragma once
#include "Stream.hpp"
#include <chrono>
#include <deque>

/// Clients that were told there is no room, each kept until it has left or for a short while: closing with
/// unread data would reset the connection, and the client, still sending, would lose what it was told.
/// For one thread.
class TurnedAway {
public:
  /// Its sending side is shut down already. The eldest goes when there are `most`.
  void add(tcp::socket socket, size_t most);
  /// Lets those go that have left or had their time.
  void sweep();

private:
  struct Client {
    tcp::socket socket;
    std::chrono::steady_clock::time_point deadline;
  };

  std::deque<Client> clients;
};
