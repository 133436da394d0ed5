#include "Admission.hpp"
#include <boost/asio/ip/network_v6.hpp>

namespace ip = boost::asio::ip;

// What one customer is given at least: whoever has one address of it has them all (RFC 6177).
static constexpr unsigned short customerPrefix = 64;

static std::string customer(const ip::address &address) {
  if (!address.is_v6()) return address.to_string();
  return ip::make_network_v6(address.to_v6(), customerPrefix).canonical().to_string();
}

bool Admission::enter(const ip::address &address) {
  std::lock_guard lock(mutex);
  if (total >= limits.connections) return false;
  unsigned &here = perAddress[customer(address)];
  if (limits.connections_per_address && here >= limits.connections_per_address) return false;
  here++;
  total++;
  return true;
}

void Admission::leave(const ip::address &address) {
  std::lock_guard lock(mutex);
  total--;
  if (auto here = perAddress.find(customer(address)); --here->second == 0) perAddress.erase(here);
}
