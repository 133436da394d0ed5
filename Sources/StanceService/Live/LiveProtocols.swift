import HTTPServer

/// The subprotocols that a client offers, and the key that may be among them: a page can set no header field.
struct LiveProtocols {
  static let version = "stance.live.1"
  private static let keyPrefix = "stance.key."

  private let names: [Substring]

  init(_ request: HTTPRequest) {
    let fields = request.headers.fields.filter {
      $0.name.lowercased() == "sec-websocket-protocol"
    }
    names = fields.flatMap { $0.value.split { $0 == "," || $0 == " " || $0 == "\t" } }
  }

  var key: String? {
    names.first { $0.hasPrefix(Self.keyPrefix) }.map { String($0.dropFirst(Self.keyPrefix.count)) }
  }

  /// The one that is spoken; nil when the client offers none.
  ///
  /// - Throws: `Problem` with `bad_parameter` when it offers others only.
  func chosen() throws(Problem) -> String? {
    if names.isEmpty { return nil }
    guard names.contains(where: { $0 == Self.version }) else {
      throw Problem(.badParameter, "the subprotocol spoken here is \(Self.version)")
    }
    return Self.version
  }
}
