#pragma once
#include "CHTTPServer.h"
#include <boost/asio/ip/address.hpp>
#include <mutex>
#include <string>
#include <unordered_map>

/// How many connections there are, in all and from each address.
class Admission {
public:
  explicit Admission(const http_limits &limits) : limits(limits) {}

  bool enter(const boost::asio::ip::address &address);
  void leave(const boost::asio::ip::address &address);

private:
  const http_limits limits;
  std::mutex mutex;
  std::unordered_map<std::string, unsigned> perAddress;
  unsigned total = 0;
};
