import Processes

/// A real Redis server at 127.0.0.1, with nothing in it.
package final class RedisTestServer: Sendable {
  private static let program = ServerProcess.find([
    "/usr/bin/redis-server", "/usr/local/bin/redis-server",
  ])
  /// For `.enabled(if:)`.
  package static var isInstalled: Bool { program != nil }
  package static let missing = "needs redis-server (`make databases`)"

  package let port: UInt16
  package let process: ServerProcess

  /// - Parameter options: in the form of its configuration file's lines, such as "appendfsync always".
  package init(_ options: [String] = []) throws {
    guard let program = Self.program else { throw ServerProcess.Failure(description: Self.missing) }
    let folder = try ServerProcess.makeFolder()
    port = try ServerProcess.freePort()
    let lines =
      [
        "bind 127.0.0.1", "port \(port)", "dir \(folder)", "save \"\"", "appendonly yes",
        "appendfsync always",
      ] + options
    let ping = Command("redis-cli", ["-p", String(port), "ping"])
    process = try ServerProcess(
      program,
      lines.flatMap { line in
        line.split(separator: " ", maxSplits: 1).enumerated().map { ($0 == 0 ? "--" : "") + $1 }
      },
      folder: folder
    ) {
      let answer = try ChildProcess.run(ping, outputLimit: 4096, timeout: .seconds(30)).output
      // With a password it answers, if only that it wants it.
      return ["PONG", "NOAUTH"].contains { String(decoding: answer, as: UTF8.self).hasPrefix($0) }
    }
  }

  /// "redis://127.0.0.1:20000".
  package var address: String { "redis://127.0.0.1:\(port)" }
}
