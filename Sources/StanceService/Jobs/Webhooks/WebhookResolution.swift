import Glibc

/// A host's addresses, looked up once; the connection goes to these and to no others.
enum WebhookResolution {
  /// An address that a name leads to.
  struct Address: Sendable, Hashable {
    let text: String
    /// Whether everybody's network may lead there.
    let isPublic: Bool
  }

  /// Those of the host's addresses that may be connected to, in the system's order.
  ///
  /// - Throws: `Refusal` when the name leads nowhere, or only to private addresses that the operator did not list.
  static func addresses(
    of host: WebhookHost, allowed: [WebhookHost], lookUp: (String) -> [Address] = Self.lookUp
  ) throws(Refusal) -> [String] {
    let found = lookUp(host.host)
    guard !found.isEmpty else { throw Refusal(reason: "the host's name can't be resolved") }
    let usable = found.filter { address in
      address.isPublic || allowed.contains { $0.host == address.text && $0.port == host.port }
    }
    guard !usable.isEmpty else {
      throw Refusal(
        reason: "the host's name leads to a private address that --webhook-host does not list")
    }
    return usable.map(\.text)
  }

  struct Refusal: Error, Sendable, Hashable { let reason: String }

  /// By the system. Blocks.
  static func lookUp(_ host: String) -> [Address] {
    var hints = addrinfo()
    hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    var list: UnsafeMutablePointer<addrinfo>?
    guard getaddrinfo(host, nil, &hints, &list) == 0, let list else { return [] }
    defer { freeaddrinfo(list) }
    var found: [Address] = []
    var next: UnsafeMutablePointer<addrinfo>? = list
    while let entry = next {
      next = entry.pointee.ai_next
      guard let address = address(entry.pointee), !found.contains(address) else { continue }
      found.append(address)
    }
    return found
  }

  private static func address(_ entry: addrinfo) -> Address? {
    guard let pointer = entry.ai_addr else { return nil }
    var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
    switch entry.ai_family {
    case AF_INET:
      return pointer.withMemoryRebound(to: sockaddr_in.self, capacity: 1) { pointer in
        var address = pointer.pointee.sin_addr
        guard inet_ntop(AF_INET, &address, &text, socklen_t(text.count)) != nil else { return nil }
        let bytes = withUnsafeBytes(of: address) { Array($0) }
        return Address(text: string(text), isPublic: isPublic(four: bytes))
      }
    case AF_INET6:
      return pointer.withMemoryRebound(to: sockaddr_in6.self, capacity: 1) { pointer in
        var address = pointer.pointee.sin6_addr
        guard inet_ntop(AF_INET6, &address, &text, socklen_t(text.count)) != nil else { return nil }
        let bytes = withUnsafeBytes(of: address) { Array($0) }
        return Address(text: string(text), isPublic: isPublic(sixteen: bytes))
      }
    default: return nil
    }
  }

  private static func string(_ text: [CChar]) -> String {
    String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
  }

  /// By IANA's registry of special addresses (https://www.iana.org/assignments/iana-ipv4-special-registry).
  static func isPublic(four bytes: [UInt8]) -> Bool {
    switch (bytes[0], bytes[1]) {
    case (0, _), (10, _), (127, _), (224..., _): false
    case (100, 64...127), (169, 254), (172, 16...31), (192, 168), (198, 18...19): false
    case (192, 0): bytes[2] != 0 && bytes[2] != 2
    case (192, 88): bytes[2] != 99
    case (198, 51): bytes[2] != 100
    case (203, 0): bytes[2] != 113
    default: true
    }
  }

  /// Global unicast alone, 2000::/3, without what is carried in it or leads to an IPv4 address (6to4, Teredo) and without examples.
  static func isPublic(sixteen bytes: [UInt8]) -> Bool {
    guard bytes[0] & 0xE0 == 0x20 else { return false }
    if bytes[0] == 0x20, bytes[1] == 0x02 { return false }
    if bytes[0] == 0x20, bytes[1] == 0x01 {
      return bytes[2] >= 2 && !(bytes[2] == 0x0D && bytes[3] == 0xB8)
    }
    return true
  }
}
