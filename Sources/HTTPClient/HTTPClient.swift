import CCurl

/// Makes requests over HTTP and HTTPS, by libcurl. Follows no redirects and keeps no connections. Blocks the calling thread.
package enum HTTPClient {
  /// Checks that there is a libcurl.
  ///
  /// - Throws: ``HTTPClientError``.
  package static func load() throws(HTTPClientError) {
    var message = [CChar](repeating: 0, count: messageSize)
    guard stance_curl_load(&message, message.count) else {
      throw HTTPClientError(
        reason: "libcurl can't be used (Debian's package libcurl4): \(text(message))",
        timedOut: false)
    }
  }

  /// - Parameter take: gets the answer's body as it comes, with the answer's status; false ends the request. By default the body
  ///   is kept, at most `request.maxAnswer` bytes.
  /// - Throws: ``HTTPClientError`` when no whole answer came; any status is an answer.
  package static func send(
    _ request: HTTPClientRequest, take: (([UInt8], _ status: Int) -> Bool)? = nil
  ) throws(HTTPClientError) -> HTTPClientAnswer {
    try load()
    let exchange = Exchange(request, take)
    let fields = request.fields.map { "\($0.name): \($0.value)" }
    // A name in such a line would be another field, or a whole request.
    for word in fields + [request.url, request.method]
    where !word.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) {
      throw HTTPClientError(reason: "the request has control characters", timedOut: false)
    }
    let lines = fields.map { Array($0.utf8CString) }
    var message = [CChar](repeating: 0, count: messageSize)
    var timedOut = false
    let status = exchange.withCRequest(lines) {
      stance_curl_perform($0, &timedOut, &message, message.count)
    }
    if let refusal = exchange.refusal {
      throw HTTPClientError(reason: refusal, timedOut: false)
    }
    guard status > 0 else {
      throw HTTPClientError(reason: text(message), timedOut: timedOut)
    }
    return HTTPClientAnswer(status: status, fields: exchange.fields, body: exchange.body)
  }

  private static let messageSize = 512

  private static func text(_ message: [CChar]) -> String {
    String(decoding: message.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
  }
}

/// Why no answer came.
package struct HTTPClientError: Error, Sendable, CustomStringConvertible {
  package let reason: String
  /// Whether it took too long.
  package let timedOut: Bool

  package var description: String { reason }
}

/// What comes back.
package struct HTTPClientAnswer: Sendable {
  package let status: Int
  package let fields: [(name: String, value: String)]
  /// Empty when somebody took it as it came.
  package let body: [UInt8]

  /// The last value of a field, looked up in any case.
  package subscript(name: String) -> String? {
    fields.last { $0.name.lowercased() == name.lowercased() }?.value
  }
}
