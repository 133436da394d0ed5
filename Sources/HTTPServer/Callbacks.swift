import CHTTPServer

extension http_callbacks {
  /// C++ holds the service until `stopped`, and a handling from `request` until `exchange_over`.
  ///
  /// It never passes a null where these take a pointer; if it did, nothing would happen.
  init(retaining service: Service) {
    self.init(
      server: Unmanaged.passRetained(service).toOpaque(),
      request: { server, exchange, head in
        guard let server, let exchange, let head else { return nil }
        let service = Unmanaged<Service>.fromOpaque(server).takeUnretainedValue()
        let handling = service.begin(head.pointee, Exchange(owning: exchange))
        return Unmanaged.passRetained(handling).toOpaque()
      },
      turned_away: { server in
        guard let server else { return }
        Unmanaged<Service>.fromOpaque(server).takeUnretainedValue().handlers.turnedAway()
      },
      client_gone: { Handling.from($0)?.task.cancel() },
      exchange_over: { handling in
        guard let handling else { return }
        Unmanaged<Handling>.fromOpaque(handling).release()
      },
      websocket_message: { handling, isText, bytes, count in
        let bytes = UnsafeBufferPointer(start: bytes, count: count)
        Handling.from(handling)?.inbox.yield(WebSocketMessage(isText: isText, bytes))
      },
      websocket_closed: { handling, _ in Handling.from(handling)?.inbox.finish() },
      reply: { waiter, result, bytes, count in
        guard let waiter else { return }
        Waiter.answer(waiter, result, UnsafeBufferPointer(start: bytes, count: count))
      },
      stopped: { server in
        guard let server else { return }
        Unmanaged<Service>.fromOpaque(server).takeRetainedValue().stopped.open()
      })
  }

  /// For a server that did not start, and so will never call.
  func release() { Unmanaged<Service>.fromOpaque(server).release() }
}

extension Handling {
  fileprivate static func from(_ pointer: UnsafeMutableRawPointer?) -> Handling? {
    pointer.map { Unmanaged<Handling>.fromOpaque($0).takeUnretainedValue() }
  }
}
