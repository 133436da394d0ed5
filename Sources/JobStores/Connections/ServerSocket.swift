import Glibc

/// A connected socket whose every call has a deadline. It raises no signal, and is closed with its last reference.
final class ServerSocket {
  /// Where a server listens.
  enum Place: Sendable, Hashable {
    case host(String, port: UInt16)
    case file(String)
  }

  private let descriptor: Int32
  private let name: String

  /// Connects; of several addresses of a host each has its share of the time. The system's look-up of a name has its own bounds.
  init(_ place: Place, until deadline: Deadline) throws(ConnectionError) {
    switch place {
    case .file(let path):
      name = path
      descriptor = try Self.connect(path: path, until: deadline)
    case .host(let host, let port):
      name = host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
      descriptor = try Self.connect(host: host, port: port, name: name, until: deadline)
    }
  }

  deinit { close(descriptor) }

  /// Sends all of `bytes`.
  func send(_ bytes: UnsafeRawBufferPointer, until deadline: Deadline) throws(ConnectionError) {
    var sent = 0
    while sent < bytes.count {
      let rest = UnsafeRawBufferPointer(rebasing: bytes[sent...])
      let count = Glibc.send(descriptor, rest.baseAddress, rest.count, Int32(MSG_NOSIGNAL))
      if count >= 0 {
        sent += count
      } else if errno == EAGAIN {
        guard try deadline.wait(for: descriptor, POLLOUT) else { throw tooSlow }
      } else if errno != EINTR {
        throw lost(errno)
      }
    }
  }

  /// Waits for bytes.
  ///
  /// - Returns: how many, at least one.
  func receive(
    into buffer: UnsafeMutableRawBufferPointer, until deadline: Deadline
  ) throws(ConnectionError) -> Int {
    while true {
      let count = recv(descriptor, buffer.baseAddress, buffer.count, 0)
      if count > 0 { return count }
      if count == 0 { throw ConnectionError(.lost, "\(name) ended the connection") }
      if errno == EAGAIN {
        guard try deadline.wait(for: descriptor, POLLIN) else { throw tooSlow }
      } else if errno != EINTR {
        throw lost(errno)
      }
    }
  }

  /// Whether the server has said nothing and not gone, between two commands.
  var isQuiet: Bool {
    var byte: UInt8 = 0
    return recv(descriptor, &byte, 1, Int32(MSG_PEEK)) < 0 && errno == EAGAIN
  }

  private var tooSlow: ConnectionError {
    ConnectionError(.lost, "\(name) did not answer in time")
  }

  private func lost(_ code: Int32) -> ConnectionError {
    ConnectionError(.lost, "the connection to \(name) was lost: \(String(cString: strerror(code)))")
  }

  // MARK: Connecting

  private static func connect(
    host: String, port: UInt16, name: String, until deadline: Deadline
  ) throws(ConnectionError) -> Int32 {
    var hints = addrinfo()
    hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    hints.ai_flags = AI_ADDRCONFIG
    var list: UnsafeMutablePointer<addrinfo>?
    let code = getaddrinfo(host, String(port), &hints, &list)
    guard code == 0, let list else {
      throw ConnectionError(.lost, "can't find \(name): \(String(cString: gai_strerror(code)))")
    }
    defer { freeaddrinfo(list) }
    let entries = Array(sequence(first: list) { $0.pointee.ai_next })
    var last = ConnectionError(.lost, "\(name) has no address")
    for (number, entry) in entries.enumerated() {
      do throws(ConnectionError) {
        let part = Deadline(after: deadline.left / (entries.count - number))
        let descriptor = try connect(
          entry.pointee.ai_family, entry.pointee.ai_addr, entry.pointee.ai_addrlen, name: name,
          until: part)
        setKeepAlive(descriptor)
        return descriptor
      } catch { last = error }
    }
    throw last
  }

  private static func connect(path: String, until deadline: Deadline) throws(ConnectionError)
    -> Int32
  {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    let bytes = Array(path.utf8)
    let room = MemoryLayout.size(ofValue: address.sun_path)
    guard bytes.count < room else {
      throw AddressParts.wrong("a socket's path has at most \(room - 1) bytes")
    }
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
    let length = socklen_t(MemoryLayout<sockaddr_un>.size)
    let result: Result<Int32, ConnectionError> = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
        do throws(ConnectionError) {
          return .success(try connect(AF_UNIX, pointer, length, name: path, until: deadline))
        } catch { return .failure(error) }
      }
    }
    return try result.get()
  }

  private static func connect(
    _ family: Int32, _ address: UnsafePointer<sockaddr>?, _ length: socklen_t, name: String,
    until deadline: Deadline
  ) throws(ConnectionError) -> Int32 {
    func failure(_ code: Int32) -> ConnectionError {
      ConnectionError(.lost, "can't connect to \(name): \(String(cString: strerror(code)))")
    }
    let kind = SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue
    let descriptor = socket(family, Int32(kind), 0)
    guard descriptor >= 0 else { throw failure(errno) }
    do throws(ConnectionError) {
      if Glibc.connect(descriptor, address, length) != 0 {
        // EAGAIN: a socket file whose queue is full; it is not waited for.
        guard errno == EINPROGRESS || errno == EINTR else { throw failure(errno) }
        guard try deadline.wait(for: descriptor, POLLOUT) else { throw failure(ETIMEDOUT) }
        var code: Int32 = 0
        var size = socklen_t(MemoryLayout<Int32>.size)
        guard getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &code, &size) == 0 else {
          throw failure(errno)
        }
        guard code == 0 else { throw failure(code) }
      }
      return descriptor
    } catch {
      close(descriptor)
      throw error
    }
  }

  /// Commands go out at once, and a server that is gone without a word is noticed while nothing is asked of it. A system that
  /// knows one of these less is no reason not to connect.
  private static func setKeepAlive(_ descriptor: Int32) {
    let options: [(Int32, Int32, Int32)] = [
      (Int32(IPPROTO_TCP), TCP_NODELAY, 1), (SOL_SOCKET, SO_KEEPALIVE, 1),
      (Int32(IPPROTO_TCP), TCP_KEEPIDLE, 30), (Int32(IPPROTO_TCP), TCP_KEEPINTVL, 10),
      (Int32(IPPROTO_TCP), TCP_KEEPCNT, 3),
    ]
    for (level, name, value) in options {
      var value = value
      setsockopt(descriptor, level, name, &value, socklen_t(MemoryLayout<Int32>.size))
    }
  }
}
