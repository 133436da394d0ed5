/// Where a Redis server is: `redis://[user[:password]@]host[:port][/database]`, the same with `rediss` for TLS, or
/// `redis+unix://[user[:password]@]/path/of/socket[?db=database]`.
///
/// `rediss` takes `cacert`, `cert` and `key` in its query, PEM files, as redis-cli calls them: the authority of the server's
/// certificate (the system's otherwise), and the client's own certificate.
package struct RedisAddress: Sendable, CustomStringConvertible {
  let place: ServerSocket.Place
  let trust: ServerChannel.Trust?
  let user: String?
  let password: Secret?
  let database: Int

  /// - Parameter password: instead of one in the address.
  /// - Throws: with `.badAddress`; the message does not repeat the address.
  package init(_ text: String, password: Secret? = nil) throws(ConnectionError) {
    let parts = try AddressParts(text)
    var query = Dictionary(parts.query.map { ($0.name, $0.value) }) { $1 }
    var trust: ServerChannel.Trust?
    var database = parts.path.dropFirst()
    switch parts.scheme {
    case "redis+unix":
      guard parts.place.isEmpty, parts.path.count > 1 else {
        throw AddressParts.wrong("a socket is written redis+unix:///path/of/socket")
      }
      place = .file(parts.path)
      database = query.removeValue(forKey: "db").map { $0[...] } ?? ""
    case "redis", "rediss":
      place = try Self.host(parts.place)
      if parts.scheme == "rediss" {
        trust = ServerChannel.Trust(
          authorities: query.removeValue(forKey: "cacert"),
          certificate: query.removeValue(forKey: "cert"), key: query.removeValue(forKey: "key"))
      }
    default:
      throw AddressParts.wrong("Redis has redis://, rediss:// and redis+unix://")
    }
    guard query.isEmpty else {
      throw AddressParts.wrong(
        "of parameters, rediss:// has cacert, cert and key, redis+unix:// has db, redis:// none")
    }
    guard (trust?.certificate == nil) == (trust?.key == nil) else {
      throw AddressParts.wrong("cert and key are given together")
    }
    guard database.isEmpty || (UInt16(database) != nil && database.allSatisfy(\.isNumber)) else {
      throw AddressParts.wrong("a database of Redis is a number, 0 by default")
    }
    self.database = Int(database) ?? 0
    self.trust = trust
    user = parts.user
    self.password = password ?? parts.password
    guard user == nil || self.password != nil else {
      throw AddressParts.wrong("there is a user, but no password")
    }
  }

  /// The address without its password: "redis://name@host:6379/0".
  package var description: String {
    let name = user.map { "\($0)@" } ?? ""
    switch place {
    case .file(let path): return "redis+unix://\(name)\(path)?db=\(database)"
    case .host(let host, let port):
      let host = host.contains(":") ? "[\(host)]" : host
      return "redis\(trust == nil ? "" : "s")://\(name)\(host):\(port)/\(database)"
    }
  }

  private static func host(_ text: String) throws(ConnectionError) -> ServerSocket.Place {
    var host = text[...]
    var port = ""[...]
    if text.hasPrefix("[") {
      guard let bracket = text.firstIndex(of: "]") else {
        throw AddressParts.wrong("a [ without ]")
      }
      host = text[text.index(after: text.startIndex)..<bracket]
      port = text[text.index(after: bracket)...]
      guard port.isEmpty || port.hasPrefix(":") else {
        throw AddressParts.wrong("after ] comes nothing, or : and a port")
      }
    } else if let colon = text.firstIndex(of: ":") {
      host = text[..<colon]
      port = text[colon...]
    }
    guard !host.isEmpty else { throw AddressParts.wrong("there is no host") }
    if port.isEmpty { return .host(String(host), port: 6379) }
    guard let number = UInt16(port.dropFirst()), number > 0 else {
      throw AddressParts.wrong("a port is a number from 1 to 65535; an IPv6 address is in [ ]")
    }
    return .host(String(host), port: number)
  }
}
