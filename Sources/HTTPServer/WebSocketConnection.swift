import CHTTPServer

public enum WebSocketMessage: Sendable, Equatable {
    case text(String)
    case binary([UInt8])
}

/// One client's socket: iterate for its messages (one iterator), send from any task.
public struct WebSocketConnection: AsyncSequence, Sendable {
    let exchange: Exchange
    let messages: AsyncStream<WebSocketMessage>

    public struct AsyncIterator: AsyncIteratorProtocol {
        let exchange: Exchange
        var messages: AsyncStream<WebSocketMessage>.Iterator

        /// Nil: closed. Each call makes room for the next of the client's messages.
        public mutating func next() async -> WebSocketMessage? {
            guard let message = await messages.next(isolation: #isolation) else { return nil }
            http_websocket_consumed(exchange.handle, message.byteCount)
            return message
        }
    }

    public func makeAsyncIterator() -> AsyncIterator {
        AsyncIterator(exchange: exchange, messages: messages.makeAsyncIterator())
    }

    /// Returns when the message is with the kernel: a slow client slows the sender.
    public func send(_ message: WebSocketMessage) async throws {
        switch message {
        case .text(let text): try await send(Array(text.utf8), isText: true)
        case .binary(let bytes): try await send(bytes, isText: false)
        }
    }

    private func send(_ bytes: [UInt8], isText: Bool) async throws {
        try await exchange.tell { http_websocket_send($0, isText, bytes, bytes.count, $1) }
    }

    public func ping() async throws {
        try await exchange.tell { http_websocket_ping($0, $1) }
    }

    /// Returns when the client has agreed, or has gone. The messages end.
    public func close(_ code: UInt16 = 1000) async {
        _ = await exchange.ask { http_websocket_close($0, code, $1) }
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
