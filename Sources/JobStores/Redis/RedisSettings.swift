/// Whether a Redis server is one to keep jobs in.
enum RedisSettings {
  /// - Throws: with `.refused` for a server that throws away what it holds when its memory is full, or is older than 7.0.
  static func check(_ connection: RedisConnection) throws(ConnectionError) {
    let facts = try facts(of: connection)
    let version = facts["redis_version"] ?? "unknown"
    guard let major = Int(version.prefix { $0 != "." }), major >= 7 else {
      throw ConnectionError(
        .refused(code: "version"),
        "jobs need Redis 7.0 or later; this server's version is \(version)")
    }
    // Left out by a server that may not tell is as good as right: its own manual has to say.
    guard let policy = facts["maxmemory_policy"], policy != "noeviction" else { return }
    throw ConnectionError(
      .refused(code: "eviction"),
      "this Redis throws away what it holds when its memory is full (maxmemory-policy \(policy)), jobs too: "
        + "set maxmemory-policy noeviction, or use another server for jobs")
  }

  /// What may be lost, in sentences.
  static func cautions(_ connection: RedisConnection) throws(ConnectionError) -> [String] {
    var cautions: [String] = []
    if try facts(of: connection)["aof_enabled"] == "0" {
      cautions.append(
        "this Redis keeps no append-only file: what came since its last snapshot is lost when it ends (appendonly yes)"
      )
    } else if let sync = try setting("appendfsync", of: connection), sync != "always" {
      cautions.append(
        "this Redis may lose the last second's jobs and results when it crashes (appendfsync always)"
      )
    }
    return cautions
  }

  /// Nil where the server doesn't say, as hosted ones do.
  private static func setting(
    _ name: String, of connection: RedisConnection
  ) throws(ConnectionError) -> String? {
    do throws(ConnectionError) {
      return try connection.send(["CONFIG", "GET", .text(name)]).elements.last?.text
    } catch {
      guard case .refused = error.kind else { throw error }
      return nil
    }
  }

  /// `INFO`, which hosted servers answer too.
  private static func facts(of connection: RedisConnection) throws(ConnectionError)
    -> [String: String]
  {
    let text = try connection.send(["INFO"]).text ?? ""
    let pairs = text.split(whereSeparator: \.isNewline).map { line in
      let name = line.prefix { $0 != ":" }
      return (String(name), String(line.dropFirst(name.count + 1)))
    }
    return Dictionary(pairs) { $1 }
  }
}
