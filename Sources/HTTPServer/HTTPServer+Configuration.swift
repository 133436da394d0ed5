extension HTTPServer {
  /// What a server listens on, and what it grants its clients.
  package struct Configuration: Sendable {
    /// An IPv4 or IPv6 address (`::` takes both), or the name of one.
    package var host = "127.0.0.1"
    /// 0: any free one; `run` tells which.
    package var port = 0
    /// PEM files; nil: no TLS. TLS is 1.2 or later.
    package var tls: (certificateChain: String, privateKey: String)?
    package var threads = 2
    /// At most so many at once; more are told `busy`.
    package var connections = 1024
    /// What connections over the limit are told, with bytes as content; through TLS nothing.
    package var busy = HTTPResponse.status(503, headers: ["Retry-After": "1"])
    /// How many of those are held open for a moment, so that they hear it: descriptors beyond `connections`.
    package var turnedAway = 128
    /// As `connections`, for each client's address, of IPv6 the first 64 bits. 0: no limit.
    package var connectionsPerAddress = 0
    /// Bytes of a request's head; more is 431.
    package var headBytes = 16 << 10
    /// Between two requests, and without a sign of life on a WebSocket.
    package var idleTime = Duration.seconds(60)
    /// For a whole head, TLS handshake included.
    package var headTime = Duration.seconds(10)
    /// How far a body or a response may fall behind `minimumRate` before its client is cut off. Only
    /// the time that the client is waited for counts.
    package var transferTime = Duration.seconds(20)
    /// Bytes per second.
    package var minimumRate = 16 << 10
    /// Bytes of WebSocket messages read ahead of the handler.
    package var webSocketBacklog = 256 << 10
    /// How long requests may go on after `run` is cancelled.
    package var grace = Duration.seconds(30)

    package init() {}
  }
}
