import CHTTPServer

/// The C++ server, freed when nobody can call it any more.
final class ServerHandle: Sendable {
  nonisolated(unsafe) private let handle: OpaquePointer  // its functions are for any thread

  init(_ configuration: HTTPServer.Configuration, _ service: Service) throws {
    guard let port = UInt16(exactly: configuration.port) else {
      throw HTTPServer.CannotListen(reason: "port \(configuration.port) is not in 0...65535")
    }
    var callbacks = http_callbacks(retaining: service)
    var message = ErrorMessage()
    let handle = configuration.withCConfiguration { configuration in
      message.fill { http_server_create(configuration, &callbacks, $0, $1) }
    }
    guard let handle else {
      callbacks.release()
      throw HTTPServer.CertificateRefused(reason: message.text)
    }
    self.handle = handle
    guard message.fill({ http_server_start(handle, configuration.host, port, $0, $1) }) else {
      callbacks.release()
      throw HTTPServer.CannotListen(reason: message.text)
    }
  }

  deinit { http_server_free(handle) }

  var port: Int { Int(http_server_port(handle)) }

  func stop(force: Bool) { http_server_stop(handle, force) }

  func reloadCertificate() throws {
    var message = ErrorMessage()
    guard message.fill({ http_server_reload_certificate(handle, $0, $1) }) else {
      throw HTTPServer.CertificateRefused(reason: message.text)
    }
  }
}

/// Where a C function says what went wrong.
private struct ErrorMessage {
  private var bytes = [UInt8](repeating: 0, count: 512)

  mutating func fill<Result>(_ call: (UnsafeMutablePointer<CChar>?, Int) -> Result) -> Result {
    bytes.withUnsafeMutableBytes { call($0.bindMemory(to: CChar.self).baseAddress, $0.count) }
  }

  var text: String { String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self) }
}

extension HTTPServer.Configuration {
  fileprivate func withCConfiguration<Result>(
    _ body: (UnsafePointer<http_config>) -> Result
  ) -> Result {
    var configuration = http_config()
    configuration.threads = UInt32(clamping: threads)
    configuration.limits = cLimits
    return busy.lastBytes.withUnsafeBytes { busy in
      configuration.busy = http_text(busy)
      guard let tls else { return body(&configuration) }
      return tls.certificateChain.withCString { certificate in
        tls.privateKey.withCString { key in
          configuration.certificate_file = certificate
          configuration.key_file = key
          return body(&configuration)
        }
      }
    }
  }

  private var cLimits: http_limits {
    http_limits(
      connections: UInt32(clamping: connections),
      connections_per_address: UInt32(clamping: connectionsPerAddress),
      head_bytes: max(headBytes, 0),
      idle_ms: idleTime.milliseconds,
      head_ms: headTime.milliseconds,
      transfer_ms: transferTime.milliseconds,
      minimum_rate: UInt32(clamping: minimumRate),
      websocket_backlog: UInt32(clamping: webSocketBacklog),
      turned_away: UInt32(clamping: turnedAway))
  }
}

extension Duration {
  /// At most 46 days, which no clock overflows with.
  fileprivate var milliseconds: UInt32 {
    let (seconds, attoseconds) = components
    return UInt32(min(max(seconds, 0), 4_000_000)) * 1000
      + UInt32(max(attoseconds, 0) / 1_000_000_000_000_000)
  }
}
