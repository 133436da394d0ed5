/// What is asked, and within which bounds.
package struct HTTPClientRequest: Sendable {
  package var method = "GET"
  package var url: String
  package var fields: [(name: String, value: String)] = []
  package var body: HTTPClientBody?
  /// "https", or "http,https".
  package var schemes = "http,https"
  /// "HOST:PORT:ADDRESS,ADDRESS": connects to one of these and looks nothing up.
  package var resolved: String?
  /// A PEM file of who is trusted, instead of those that the system trusts.
  package var authorities: String?
  /// Whether a proxy that the environment names is passed by.
  package var avoidsProxy = false
  /// For all of it; nil: as long as bytes come.
  package var timeLimit: Duration?
  package var connectLimit = Duration.seconds(10)
  /// Without a byte in either direction.
  package var silenceLimit = Duration.seconds(120)
  /// Bytes of a body that is kept.
  package var maxAnswer = 1 << 20
  /// Asked about once a second: whether nobody wants the answer any more.
  package var givesUp: @Sendable () -> Bool = { false }

  package init(_ url: String) { self.url = url }
}

/// A body of known size, read piece by piece while it is sent.
package struct HTTPClientBody: Sendable {
  package let size: Int
  /// Up to so many bytes from an offset on; empty: they can't be had.
  package let read: @Sendable (_ offset: Int, _ count: Int) -> [UInt8]

  package init(size: Int, read: @escaping @Sendable (_ offset: Int, _ count: Int) -> [UInt8]) {
    (self.size, self.read) = (size, read)
  }

  package init(_ bytes: [UInt8]) {
    self.init(size: bytes.count) { Array(bytes[$0..<min(bytes.count, $0 + $1)]) }
  }
}
