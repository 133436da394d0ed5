import CHTTPServer

/// Why a body could not be read. A handler may let it through: it becomes 413, 408 or 400.
package enum RequestBodyError: Error {
  /// Larger than the handler wants it.
  case tooLarge
  /// It fell `Configuration.transferTime` behind `minimumRate`.
  case timedOut
  /// Its chunks make no sense.
  case malformed
}

/// Carries out commands about a body: a request's connection.
protocol BodySource: Sendable {
  func ask(_ command: Command) async -> Reply
}

extension Exchange: BodySource {}

/// The body's bytes, as they come. Nothing is read, and no 100 Continue sent, before the first are asked
/// for; while nobody asks, the client has to wait.
package struct RequestBody: AsyncSequence, Sendable {
  let exchange: any BodySource
  /// In bytes. Nil when the client did not say.
  package let length: Int?

  package struct AsyncIterator: AsyncIteratorProtocol {
    let body: RequestBody

    /// The next bytes, at most 64 KiB; nil at the end.
    ///
    /// - Throws: `RequestBodyError`, or `ClientGone`.
    package mutating func next() async throws -> [UInt8]? {
      if body.length == 0 { return nil }
      let reply = await body.exchange.ask(Command(kind: .HTTP_READ_BODY))
      switch reply.result {
      case .HTTP_OK: return reply.bytes.isEmpty ? nil : reply.bytes
      case .HTTP_TIMED_OUT: throw RequestBodyError.timedOut
      case .HTTP_MALFORMED: throw RequestBodyError.malformed
      case .HTTP_GONE: throw ClientGone()
      }
    }
  }

  package func makeAsyncIterator() -> AsyncIterator { AsyncIterator(body: self) }

  /// The whole body.
  ///
  /// - Parameter limit: in bytes. More is `tooLarge`: at once if the client announced it, and without
  ///   having it sent.
  /// - Throws: `RequestBodyError`, or `ClientGone`.
  package func collect(upTo limit: Int) async throws -> [UInt8] {
    if let length, length > limit { throw RequestBodyError.tooLarge }
    var bytes: [UInt8] = []
    for try await piece in self {
      guard bytes.count + piece.count <= limit else { throw RequestBodyError.tooLarge }
      bytes += piece
    }
    return bytes
  }
}
