/// An answer of HTTP/1 with a stated length.
struct HTTPAnswer {
  let status: Int
  /// In seconds.
  let retryAfter: Int?
  let keepsConnection: Bool
  let body: ArraySlice<UInt8>

  /// The answer that `bytes` are; nil while some are missing.
  init?(_ bytes: [UInt8]) throws(CallFailure) {
    guard let headEnd = bytes[...].firstIndex(of: "\r\n\r\n") else { return nil }
    let lines = bytes[..<headEnd].split { $0 == UInt8(ascii: "\r") || $0 == UInt8(ascii: "\n") }
      .map { String(decoding: $0, as: UTF8.self).lowercased() }
    func field(_ name: String) -> Substring? {
      lines.first { $0.hasPrefix("\(name):") }?.dropFirst(name.count + 1).drop { $0 == " " }
    }
    let words = lines.first?.split(separator: " ") ?? []
    guard words.count > 1, let status = Int(words[1]), let length = field("content-length"),
      let length = Int(length)
    else {
      throw CallFailure("the answer has no status or Content-Length, but begins \(lines.prefix(1))")
    }
    let bodyStart = headEnd + 4
    guard bytes.count >= bodyStart + length else { return nil }
    self.status = status
    retryAfter = field("retry-after").flatMap { Int($0) }
    keepsConnection = words[0] == "http/1.1" && field("connection") != "close"
    body = bytes[bodyStart...].prefix(length)
  }
}

extension ArraySlice<UInt8> {
  /// Where `text` begins. The standard library has `firstRange(of:)`, at several times the cost.
  func firstIndex(of text: String) -> Int? {
    let text = Array(text.utf8)
    return indices.first { self[$0] == text[0] && self[$0...].starts(with: text) }
  }
}
