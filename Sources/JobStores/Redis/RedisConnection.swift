import CHiredis

/// One connection to a Redis server, for one thread at a time. Every call has a bound.
///
/// hiredis reads the replies. The socket is ours, since hiredis 0.14 knows no TLS and bounds a single read, not a call.
package final class RedisConnection {
  /// Bounds of time.
  package struct Limits: Sendable {
    /// For the connection, TLS and the log-in together.
    package var connect: Duration = .seconds(5)
    /// For a command and its whole reply.
    package var command: Duration = .seconds(10)

    package init() {}
  }

  /// Bytes of a reply.
  private static let largestReply = 256 << 20

  private let limits: Limits
  private let channel: ServerChannel
  private let reader: ReplyReader
  private let password: Secret?
  private var isLost = false
  /// A bound for several commands together; nil for none.
  var callDeadline: Deadline?
  /// Names of scripts that the server has, by their source.
  private var scripts: [String: String] = [:]

  /// Connects, logs in and selects the database.
  package init(
    _ address: RedisAddress, limits: Limits = Limits()
  ) throws(ConnectionError) {
    self.limits = limits
    password = address.password
    reader = try ReplyReader()
    let deadline = Deadline(after: limits.connect)
    channel = try ServerChannel(address.place, trust: address.trust, until: deadline)
    if let password = address.password {
      let name: [RedisWord] = address.user.map { [.text($0)] } ?? []
      try send(["AUTH"] + name + [.text(password.revealed)], until: deadline)
    }
    if address.database != 0 {
      try send(["SELECT", .integer(Int64(address.database))], until: deadline)
    }
  }

  /// Sends a command and waits for its reply.
  ///
  /// - Parameter limit: instead of the usual bound; for a command that waits by itself, more than that.
  /// - Throws: with `.refused` or `.unavailable` for the server's error, after which the connection is as before; with `.lost`
  ///   when it is of no more use.
  @discardableResult
  package func send(
    _ words: [RedisWord], within limit: Duration? = nil
  ) throws(ConnectionError) -> RedisReply {
    try send(words, until: Deadline(after: limit ?? limits.command).or(callDeadline))
  }

  /// Runs a Lua script as one step that no other command comes between. The server is given the source once, and again when it
  /// has forgotten it.
  package func run(
    script source: String, keys: [RedisWord] = [], arguments: [RedisWord] = []
  ) throws(ConnectionError) -> RedisReply {
    let deadline = Deadline(after: limits.command).or(callDeadline)
    let rest = [.integer(Int64(keys.count))] + keys + arguments
    if scripts[source] == nil {
      scripts[source] = try send(["SCRIPT", "LOAD", .text(source)], until: deadline).text
    }
    guard let name = scripts[source] else { throw fail("a script has no name") }
    do throws(ConnectionError) {
      return try send(["EVALSHA", .text(name)] + rest, until: deadline)
    } catch {
      guard error.code == "NOSCRIPT" else { throw error }
      return try send(["EVAL", .text(source)] + rest, until: deadline)
    }
  }

  // MARK: Bytes

  @discardableResult
  private func send(
    _ words: [RedisWord], until deadline: Deadline
  ) throws(ConnectionError) -> RedisReply {
    guard !isLost else { throw ConnectionError(.lost, "the connection to Redis was lost before") }
    let reply: RedisReply
    do throws(ConnectionError) {
      try channel.send(Self.encoded(words), until: deadline)
      reply = try receive(until: deadline)
    } catch {
      // What comes later would be taken for the reply to another command.
      isLost = true
      throw error
    }
    if case .error(let text) = reply { throw refusal(text) }
    return reply
  }

  private func receive(until deadline: Deadline) throws(ConnectionError) -> RedisReply {
    var received = 0
    while true {
      if let reply = try reader.next() { return reply }
      guard received <= Self.largestReply else { throw fail("a reply is too large") }
      try channel.receive(until: deadline) { bytes in
        received += bytes.count
        reader.feed(bytes)
      }
    }
  }

  /// The protocol's form of a command: an array of strings with their lengths
  /// (https://redis.io/docs/latest/develop/reference/protocol-spec/).
  private static func encoded(_ words: [RedisWord]) -> [UInt8] {
    var bytes = Array("*\(words.count)\r\n".utf8)
    for word in words {
      let word = word.encoded
      bytes += Array("$\(word.count)\r\n".utf8)
      bytes += word
      bytes += [13, 10]
    }
    return bytes
  }

  private func fail(_ reason: String) -> ConnectionError {
    isLost = true
    return ConnectionError(.lost, "Redis: \(reason)")
  }

  /// The first word of an error is its code.
  private func refusal(_ text: String) -> ConnectionError {
    let code = String(text.prefix { $0 != " " })
    let message = "Redis: \(password?.removed(from: text) ?? text)"
    // It has become a replica: another connection finds the new primary.
    if code == "READONLY" { isLost = true }
    let isPassing = Self.passing.contains(code) || text.contains("max number of clients")
    return ConnectionError(
      isPassing ? .unavailable(code: code) : .refused(code: code), message)
  }

  /// Starting; a replica, or one without its primary; too few replicas; a script that runs long; out of memory; the disk full.
  private static let passing: Set<String> = [
    "LOADING", "READONLY", "MASTERDOWN", "NOREPLICAS", "BUSY", "OOM", "MISCONF", "CLUSTERDOWN",
    "TRYAGAIN",
  ]
}

extension RedisConnection: PooledConnection {
  package var isUsable: Bool { !isLost && channel.isQuiet }
}

/// hiredis' reader of replies.
private final class ReplyReader {
  private let functions: stance_hiredis
  private let reader: UnsafeMutableRawPointer

  init() throws(ConnectionError) {
    var message = [CChar](repeating: 0, count: 256)
    guard let functions = stance_hiredis_load(&message, message.count)?.pointee else {
      let words = message.prefix { $0 != 0 }.map(UInt8.init(bitPattern:))
      throw ConnectionError(
        .missingLibrary,
        "jobs in Redis need Debian's package libhiredis0.14: \(String(decoding: words, as: UTF8.self))"
      )
    }
    guard let reader = functions.redisReaderCreate() else {
      throw ConnectionError(.lost, "Redis: no memory")
    }
    self.functions = functions
    self.reader = reader
  }

  deinit { functions.redisReaderFree(reader) }

  func feed(_ bytes: UnsafeRawBufferPointer) {
    guard let start = bytes.baseAddress?.assumingMemoryBound(to: CChar.self) else { return }
    // A failure is kept by the reader and shows at the next reply.
    _ = functions.redisReaderFeed(reader, start, bytes.count)
  }

  /// The next reply; nil while it is not all there.
  func next() throws(ConnectionError) -> RedisReply? {
    var raw: UnsafeMutableRawPointer?
    guard functions.redisReaderGetReply(reader, &raw) == 0 else {
      throw ConnectionError(.lost, "Redis: the server's answer is not of its protocol")
    }
    guard let raw else { return nil }
    defer { functions.freeReplyObject(raw) }
    return RedisReply(raw.assumingMemoryBound(to: stance_redis_reply.self))
  }
}
