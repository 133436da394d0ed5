import Files
import Glibc
import Processes

/// A real PostgreSQL server at 127.0.0.1, with one empty database. Its user is `stance`, with the password ``password``.
package final class PostgresTestServer: Sendable {
  private static let folder = ["17", "16", "15", "14"].map { "/usr/lib/postgresql/\($0)/bin" }
    .first { access($0 + "/initdb", X_OK) == 0 }
  /// It does not run as root, so root lends it the packages' user.
  private static let user = getpwnam("postgres").map { ($0.pointee.pw_uid, $0.pointee.pw_gid) }
  /// For `.enabled(if:)`.
  package static var isInstalled: Bool { folder != nil && (getuid() != 0 || user != nil) }
  package static let missing = "needs PostgreSQL (`make databases`)"
  package static let password = "b/9 @:%x"

  package let port: UInt16
  package let process: ServerProcess

  /// - Parameter options: such as "fsync=off".
  package init(_ options: [String] = []) throws {
    guard let programs = Self.folder else { throw ServerProcess.Failure(description: Self.missing) }
    let folder = try ServerProcess.makeFolder()
    var prefix: [String] = []
    if getuid() == 0, let (user, group) = Self.user {
      prefix = [
        "setpriv", "--reuid=\(user)", "--regid=\(group)", "--clear-groups", "--",
      ]
      guard chown(folder, user, group) == 0 else {
        throw ServerProcess.Failure(description: "can't give the folder away")
      }
    }
    let data = folder + "/data"
    let passwordFile = folder + "/password"
    try Files.write(Array((Self.password + "\n").utf8), to: passwordFile)
    let made = try ChildProcess.run(
      Command(
        "/usr/bin/env",
        prefix + [
          programs + "/initdb", "--pgdata=\(data)", "--username=stance", "--auth=scram-sha-256",
          "--pwfile=\(passwordFile)", "--encoding=UTF8", "--locale=C", "--no-sync", "--no-instructions",
        ]), outputLimit: 1 << 20, timeout: .seconds(240))
    guard made.succeeded else { throw ServerProcess.Failure(description: "initdb: \(made.errors)") }
    port = try ServerProcess.freePort()
    let settings =
      [
        "listen_addresses=127.0.0.1", "unix_socket_directories=", "max_connections=60",
        "shared_buffers=16MB", "dynamic_shared_memory_type=mmap", "logging_collector=off",
        // As durable as the system: a killed server loses nothing by it.
        "fsync=off",
      ] + options
    // SIGQUIT ends it at once, and frees its shared memory.
    let probe = Command(programs + "/pg_isready", ["-h", "127.0.0.1", "-p", String(port)])
    process = try ServerProcess(
      "/usr/bin/env",
      prefix + [programs + "/postgres", "-D", data, "-p", String(port)]
        + settings.flatMap { ["-c", $0] },
      folder: folder, endSignal: "QUIT"
    ) {
      try ChildProcess.run(probe, outputLimit: 4096, timeout: .seconds(30)).succeeded
    }
  }

  /// "postgresql://stance@127.0.0.1:20000/postgres", without the password.
  package var address: String { "postgresql://stance@127.0.0.1:\(port)/postgres" }
}
