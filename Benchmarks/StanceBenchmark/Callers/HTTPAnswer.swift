/// An answer of HTTP/1 with a stated length.
struct HTTPAnswer {
  let status: Int
  /// In seconds.
  let retryAfter: Int?
  let keepsConnection: Bool
  let body: ArraySlice<UInt8>

  /// The answer that `bytes` are; nil while some are missing.
  init?(_ bytes: [UInt8]) throws(CallFailure) {
    guard let end = bytes.firstRange(of: Array("\r\n\r\n".utf8)) else { return nil }
    let lines = String(decoding: bytes[..<end.lowerBound], as: UTF8.self).split(separator: "\r\n")
    let words = lines[0].split(separator: " ")
    guard words.count > 1, let status = Int(words[1]) else {
      throw CallFailure("the answer begins with \"\(lines[0])\"")
    }
    var fields: [String: Substring] = [:]
    for line in lines.dropFirst() {
      let parts = line.split(separator: ":", maxSplits: 1)
      fields[parts[0].lowercased()] = parts.last?.drop { $0 == " " }
    }
    guard let length = fields["content-length"].flatMap({ Int($0) }) else {
      throw CallFailure("the answer, status \(status), has no Content-Length")
    }
    guard bytes.count >= end.upperBound + length else { return nil }
    self.status = status
    retryAfter = fields["retry-after"].flatMap { Int($0) }
    keepsConnection = words[0] == "HTTP/1.1" && fields["connection"]?.lowercased() != "close"
    body = bytes[end.upperBound...].prefix(length)
  }
}
