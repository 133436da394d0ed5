import CHTTPServer

package enum WebSocketMessage: Sendable, Equatable {
  case text(String)
  case binary([UInt8])
}

/// One client's socket: iterate for its messages (one iterator), send from any task.
package struct WebSocketConnection: AsyncSequence, Sendable {
  let exchange: Exchange
  let messages: AsyncStream<WebSocketMessage>

  package struct AsyncIterator: AsyncIteratorProtocol {
    let exchange: Exchange
    var messages: AsyncStream<WebSocketMessage>.Iterator

    /// Nil: closed. Each call makes room for the next of the client's messages.
    package mutating func next() async -> WebSocketMessage? {
      guard let message = await messages.next(isolation: #isolation) else { return nil }
      exchange.consumed(message.byteCount)
      return message
    }
  }

  package func makeAsyncIterator() -> AsyncIterator {
    AsyncIterator(exchange: exchange, messages: messages.makeAsyncIterator())
  }

  /// Returns when the message is with the kernel: a slow client slows the sender.
  ///
  /// - Throws: `ClientGone`.
  package func send(_ message: WebSocketMessage) async throws {
    switch message {
    case .text(let text):
      try await exchange.tell(Command(kind: .HTTP_SEND_TEXT, bytes: Array(text.utf8)))
    case .binary(let bytes):
      try await exchange.tell(Command(kind: .HTTP_SEND_BINARY, bytes: bytes))
    }
  }

  /// - Throws: `ClientGone`.
  package func ping() async throws {
    try await exchange.tell(Command(kind: .HTTP_PING))
  }

  /// From now on messages may have so many bytes. One that is under way already may be judged by the limit before.
  package func limitMessages(to limit: Int) {
    exchange.submit(Command(kind: .HTTP_LIMIT_MESSAGES, limit: limit))
  }

  /// Returns when the client has agreed, or has gone. The messages end.
  ///
  /// - Parameter reason: for a person; what is beyond 120 bytes may be cut off.
  package func close(_ code: UInt16 = 1000, reason: String = "") async {
    let reason =
      reason.utf8.count <= Self.maxReason ? reason : String(reason.prefix(Self.maxReason / 4))
    _ = await exchange.ask(Command(kind: .HTTP_CLOSE_WEBSOCKET, head: reason, code: code))
  }

  /// Bytes; a control frame has room for 123 (RFC 6455, section 5.5).
  private static let maxReason = 120
}

extension WebSocketMessage {
  init(isText: Bool, _ bytes: UnsafeBufferPointer<UInt8>) {
    self = isText ? .text(String(decoding: bytes, as: UTF8.self)) : .binary(Array(bytes))
  }

  fileprivate var byteCount: Int {
    switch self {
    case .text(let text): text.utf8.count
    case .binary(let bytes): bytes.count
    }
  }
}
