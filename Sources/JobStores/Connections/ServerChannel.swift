import CTLS
import Glibc

/// Bytes to a server and back, by TLS or without. For one thread.
final class ServerChannel {
  /// Whom TLS trusts, and by what certificate it shows itself: PEM files.
  struct Trust: Sendable, Hashable {
    /// Authorities; the system's if nil.
    var authorities: String?
    var certificate: String?
    var key: String?
  }

  private let socket: ServerSocket
  private let tls: OpaquePointer?
  private var buffer = [UInt8](repeating: 0, count: 64 << 10)

  /// Connects.
  ///
  /// - Parameter trust: TLS for the host's name or address; nil for none.
  init(
    _ place: ServerSocket.Place, trust: Trust?, until deadline: Deadline
  ) throws(ConnectionError) {
    socket = try ServerSocket(place, until: deadline)
    guard let trust, case .host(let host, _) = place else {
      tls = nil
      return
    }
    var message = [CChar](repeating: 0, count: 256)
    tls = stance_tls_create(
      host, trust.authorities, trust.certificate, trust.key, &message, message.count)
    guard let tls else {
      throw ConnectionError(.badAddress, "can't use TLS: \(Self.text(message))")
    }
    try shake(tls, until: deadline)
  }

  deinit { if let tls { stance_tls_free(tls) } }

  /// Whether the server has said nothing and not gone, between two commands.
  var isQuiet: Bool { socket.isQuiet }

  /// Sends all of `bytes`.
  func send(_ bytes: [UInt8], until deadline: Deadline) throws(ConnectionError) {
    guard let tls else { return try sendPlain(bytes[...], until: deadline) }
    guard stance_tls_write(tls, bytes, bytes.count) == stance_tls_done else { throw reason(tls) }
    try flush(tls, until: deadline)
  }

  /// Waits for bytes and lends them.
  func receive(
    until deadline: Deadline, _ body: (UnsafeRawBufferPointer) -> Void
  ) throws(ConnectionError) {
    guard let tls else {
      let count = try receivePlain(until: deadline)
      buffer.withUnsafeBytes { body(UnsafeRawBufferPointer(rebasing: $0[..<count])) }
      return
    }
    while true {
      var count = 0
      let outcome = stance_tls_read(tls, &buffer, buffer.count, &count)
      if outcome == stance_tls_done {
        buffer.withUnsafeBytes { body(UnsafeRawBufferPointer(rebasing: $0[..<count])) }
        return
      }
      guard outcome == stance_tls_wants else { throw reason(tls) }
      try exchange(tls, until: deadline)
    }
  }

  // MARK: TLS

  private func shake(_ tls: OpaquePointer, until deadline: Deadline) throws(ConnectionError) {
    while true {
      let outcome = stance_tls_shake(tls)
      if outcome == stance_tls_done { return try flush(tls, until: deadline) }
      guard outcome == stance_tls_wants else {
        let failure = reason(tls)
        // The alert that tells the server; it may be gone.
        do throws(ConnectionError) { try flush(tls, until: deadline) } catch { throw failure }
        throw failure
      }
      try exchange(tls, until: deadline)
    }
  }

  /// Sends what is to be sent and takes what comes.
  private func exchange(_ tls: OpaquePointer, until deadline: Deadline) throws(ConnectionError) {
    try flush(tls, until: deadline)
    let count = try receivePlain(until: deadline)
    guard stance_tls_incoming(tls, buffer, count) == stance_tls_done else {
      throw ConnectionError(.lost, "no memory for TLS")
    }
  }

  private func flush(_ tls: OpaquePointer, until deadline: Deadline) throws(ConnectionError) {
    while true {
      let count = stance_tls_outgoing(tls, &buffer, buffer.count)
      guard count > 0 else { return }
      try sendPlain(buffer[..<count], until: deadline)
    }
  }

  private func reason(_ tls: OpaquePointer) -> ConnectionError {
    var message = [CChar](repeating: 0, count: 256)
    stance_tls_reason(tls, &message, message.count)
    return ConnectionError(.lost, "TLS with the server failed: \(Self.text(message))")
  }

  // MARK: Plain bytes

  private func sendPlain(
    _ bytes: ArraySlice<UInt8>, until deadline: Deadline
  ) throws(ConnectionError) {
    let result: Result<Void, ConnectionError> = bytes.withUnsafeBytes { bytes in
      do throws(ConnectionError) { return .success(try socket.send(bytes, until: deadline)) } catch
      {
        return .failure(error)
      }
    }
    try result.get()
  }

  private func receivePlain(until deadline: Deadline) throws(ConnectionError) -> Int {
    let result: Result<Int, ConnectionError> = buffer.withUnsafeMutableBytes { bytes in
      do throws(ConnectionError) {
        return .success(try socket.receive(into: bytes, until: deadline))
      } catch { return .failure(error) }
    }
    return try result.get()
  }

  private static func text(_ message: [CChar]) -> String {
    String(decoding: message.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
  }
}
