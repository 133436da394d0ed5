import Glibc
import Processes

/// A real Redis server at 127.0.0.1, with nothing in it.
package final class RedisTestServer: Sendable {
  /// Debian's server is a link to one of its tools, and is what it is called.
  private static let program = ServerProcess.find(["/usr/bin/redis-check-rdb"])
  /// For `.enabled(if:)`.
  package static var isInstalled: Bool { program != nil }
  package static let missing = "needs Debian's redis-tools (`make databases`)"

  package let port: UInt16
  package let process: ServerProcess

  /// - Parameters:
  ///   - options: in the form of its configuration file's lines, such as "appendfsync always".
  ///   - tls: what it shows and trusts; it then speaks nothing but TLS, and wants to see a certificate.
  package init(_ options: [String] = [], tls: TestCertificates? = nil) throws {
    guard let program = Self.program else { throw ServerProcess.Failure(description: Self.missing) }
    let folder = try ServerProcess.makeFolder()
    let name = folder + "/redis-server"
    guard symlink(program, name) == 0 else {
      throw ServerProcess.Failure(description: "can't make a link")
    }
    scheme = tls == nil ? "redis" : "rediss"
    port = try ServerProcess.freePort()
    var lines =
      [
        "bind 127.0.0.1", tls == nil ? "port \(port)" : "tls-port \(port)", "dir \(folder)",
        "save \"\"", "appendonly yes",
        "appendfsync always",
      ] + options
    var asking: [String] = []
    if let tls {
      lines += [
        "port 0", "tls-cert-file \(tls.certificate)", "tls-key-file \(tls.key)",
        "tls-ca-cert-file \(tls.authority)",
      ]
      asking = ["--tls", "--cacert", tls.authority, "--cert", tls.certificate, "--key", tls.key]
    }
    let ping = Command("redis-cli", ["-p", String(port)] + asking + ["ping"])
    process = try ServerProcess(
      name,
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
  package var address: String { "\(scheme)://127.0.0.1:\(port)" }
  private let scheme: String
}
