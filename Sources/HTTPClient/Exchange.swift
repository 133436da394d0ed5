import CCurl

/// One request while libcurl works on it, on one thread.
final class Exchange {
  private let request: HTTPClientRequest
  private let take: (([UInt8], _ status: Int) -> Bool)?
  private var sent = 0
  private var status = 0

  private(set) var fields: [(name: String, value: String)] = []
  private(set) var body: [UInt8] = []
  /// Why this side ended it.
  private(set) var refusal: String?

  init(_ request: HTTPClientRequest, _ take: (([UInt8], _ status: Int) -> Bool)?) {
    (self.request, self.take) = (request, take)
  }

  /// - Parameter lines: the fields, each ended by a 0.
  func withCRequest(
    _ lines: [[CChar]], _ body: (UnsafePointer<stance_curl_request>) -> Int
  ) -> Int {
    withPointers(lines[...], []) { fields in
      request.method.withCString { method in
        request.url.withCString { url in
          request.schemes.withCString { schemes in
            withOptional(request.resolved) { resolved in
              withOptional(request.authorities) { authorities in
                var own = stance_curl_request(
                  method: method, url: url, schemes: schemes, fields: fields, resolved: resolved,
                  authorities: authorities, avoids_proxy: request.avoidsProxy,
                  time_limit: Self.milliseconds(request.timeLimit ?? .zero),
                  connect_limit: Self.milliseconds(request.connectLimit),
                  silence_limit: max(1, Self.milliseconds(request.silenceLimit) / 1000),
                  body_size: request.body.map { Int64($0.size) } ?? -1,
                  context: Unmanaged.passUnretained(self).toOpaque(),
                  read: { context, buffer, size in
                    Exchange.of(context).give(
                      UnsafeMutableRawBufferPointer(start: buffer, count: size))
                  },
                  field: { context, line, size in
                    Exchange.of(context).note(UnsafeRawBufferPointer(start: line, count: size))
                  },
                  write: { context, bytes, size in
                    Exchange.of(context).keep(UnsafeRawBufferPointer(start: bytes, count: size))
                  },
                  gives_up: { Exchange.of($0).givesUp() })
                return body(&own)
              }
            }
          }
        }
      }
    }
  }

  private static func of(_ context: UnsafeMutableRawPointer) -> Exchange {
    Unmanaged<Exchange>.fromOpaque(context).takeUnretainedValue()
  }

  private static func milliseconds(_ time: Duration) -> Int { Int(time / .milliseconds(1)) }

  private func withOptional<Result>(
    _ text: String?, _ body: (UnsafePointer<CChar>?) -> Result
  ) -> Result {
    guard let text else { return body(nil) }
    return text.withCString { body($0) }
  }

  /// An array of all lines' pointers, ended by a null.
  private func withPointers<Result>(
    _ lines: ArraySlice<[CChar]>, _ pointers: [UnsafePointer<CChar>?],
    _ body: (UnsafePointer<UnsafePointer<CChar>?>) -> Result
  ) -> Result {
    guard let line = lines.first else {
      // Swift gives a pointer for every array, an empty one's too.
      return (pointers + [nil]).withUnsafeBufferPointer { $0.baseAddress.map(body) } ?? body([nil])
    }
    return line.withUnsafeBufferPointer {
      withPointers(lines.dropFirst(), pointers + [$0.baseAddress], body)
    }
  }

  private func give(_ buffer: UnsafeMutableRawBufferPointer) -> Int {
    guard let source = request.body, sent < source.size else { return 0 }
    let bytes = source.read(sent, min(buffer.count, source.size - sent))
    guard !bytes.isEmpty else {
      refusal = "what was to be sent can't be read any more"
      return -1
    }
    buffer.copyBytes(from: bytes)
    sent += bytes.count
    return bytes.count
  }

  private func note(_ line: UnsafeRawBufferPointer) {
    let text = String(decoding: line, as: UTF8.self).filter { $0 != "\r\n" && $0 != "\n" }
    // Of each answer, 100 Continue among them, the first line begins anew.
    if text.hasPrefix("HTTP/") {
      fields = []
      status = text.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
    }
    guard fields.count < Self.maxFields, let colon = text.firstIndex(of: ":") else { return }
    let value = text[text.index(after: colon)...]
    fields.append((String(text[..<colon]), String(value.drop { $0 == " " || $0 == "\t" })))
  }

  private static let maxFields = 200

  private func keep(_ bytes: UnsafeRawBufferPointer) -> Bool {
    if let take {
      if take(Array(bytes), status) { return true }
      refusal = "the answer was not taken to its end"
      return false
    }
    guard body.count + bytes.count <= request.maxAnswer else {
      refusal = "the answer has more than \(request.maxAnswer) bytes"
      return false
    }
    body += bytes
    return true
  }

  private func givesUp() -> Bool {
    guard request.givesUp() else { return false }
    refusal = "nobody waits for the answer any more"
    return true
  }
}
