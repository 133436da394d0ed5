#pragma once
#include "Client.hpp"
#include "Command.hpp"
#include <boost/beast/http/buffer_body.hpp>
#include <boost/beast/http/parser.hpp>

namespace http = beast::http;

using RequestParser = http::request_parser<http::buffer_body>;

/// The body of one request. Nothing is read, and no 100 Continue sent, before somebody asks for bytes.
class Body {
public:
  /// With a `fault` nothing can be read: where the body begins or ends is not known.
  Body(Client &client, RequestParser &parser, const http_limits &limits, http_result fault);

  net::awaitable<void> readPart(Reply reply);
  /// Reads and drops the rest. Afterwards the body is complete, unless the client has failed to send it.
  net::awaitable<void> skip();

  bool isComplete() const;
  /// Whether the rest is so little that reading it is cheaper than a new connection.
  bool isWorthSkipping() const;
  /// Nothing: unknown.
  std::optional<uint64_t> length() const { return isChunked || fault ? std::nullopt : std::optional(left); }

private:
  net::awaitable<size_t> read(net::mutable_buffer destination);
  net::awaitable<size_t> receive(net::mutable_buffer destination);
  net::awaitable<size_t> receiveChunks(net::mutable_buffer destination);

  Client &client;
  RequestParser &parser;
  Pace pace;
  http_result fault;
  const bool isChunked;
  bool expectsContinue;
  uint64_t left = 0;  // when it is not chunked
};
