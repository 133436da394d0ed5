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

  /// Returns when the client has agreed, or has gone. The messages end.
  package func close(_ code: UInt16 = 1000) async {
    _ = await exchange.ask(Command(kind: .HTTP_CLOSE_WEBSOCKET, code: code))
  }
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
