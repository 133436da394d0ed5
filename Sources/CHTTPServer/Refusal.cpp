#include "Refusal.hpp"

static constexpr unsigned malformed = 400, tooSlow = 408, tooLarge = 431;

/// Two servers could see two different requests in it (request smuggling), or it has no host.
static bool isAmbiguous(const http::request_header<> &request) {
  bool isOld = request.version() < 11;
  auto encodings = request.count(http::field::transfer_encoding);
  auto lengths = request.count(http::field::content_length);
  auto hosts = request.count(http::field::host);
  if (encodings + lengths > 1 || hosts > 1) return true;
  if (request[http::field::content_length].find(',') != std::string_view::npos) return true;
  if (encodings && (isOld || !beast::iequals(request[http::field::transfer_encoding], "chunked"))) return true;
  return !isOld && hosts == 0;
}

std::optional<unsigned> refusal(error_code error, bool isLate, const RequestParser &parser) {
  if (!error) return isAmbiguous(parser.get()) ? malformed : 0;
  if (error == http::error::header_limit || error == http::error::buffer_overflow) return tooLarge;
  if (isLate && parser.got_some()) return tooSlow;
  bool isEnd = error == http::error::end_of_stream || error == http::error::partial_message;
  bool isTheirs = error.category() == make_error_code(http::error::bad_method).category();
  return isTheirs && !isEnd ? std::optional(malformed) : std::nullopt;
}
