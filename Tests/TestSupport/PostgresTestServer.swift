import Files
import Glibc
import Processes

/// A real PostgreSQL server at 127.0.0.1, with one empty database. Its user is `stance`, with the password ``password``.
package final class PostgresTestServer: Sendable {
  /// It does not run as root, so root lends it a user who has nothing here.
  private static let prefix: [String] = {
    guard getuid() == 0, let user = getpwnam("nobody")?.pointee else { return [] }
    return [
      "setpriv", "--reuid=\(user.pw_uid)", "--regid=\(user.pw_gid)", "--clear-groups", "--",
    ]
  }()
  /// The folder of its programs, if that user can run them.
  private static let folder =
    (["/usr", TestData.packageRoot + "/.deps/postgresql/usr"].flatMap { root in
      [17, 16, 15, 14].map { "\(root)/lib/postgresql/\($0)/bin" }
    }).first { folder in
      let result = try? run([folder + "/initdb", "--version"])
      return result?.succeeded == true
    }

  private static func giveAway(_ folder: String) throws {
    if prefix.isEmpty { return }
    guard let user = getpwnam("nobody")?.pointee, chown(folder, user.pw_uid, user.pw_gid) == 0
    else {
      throw ServerProcess.Failure(description: "can't give the folder away")
    }
  }

  /// Runs a program as the user.
  private static func run(_ words: [String]) throws -> ChildResult {
    // It changes the user once it is told: before, this process must have set its limits.
    let order = #"read -r _ && exec "$@""#
    return try ChildProcess.run(
      Command("/bin/sh", ["-c", order, "sh"] + prefix + words), input: [10],
      outputLimit: 1 << 20, timeout: .seconds(240))
  }

  /// The files of a server that was not started yet. The process beside them does nothing but have them removed in the end.
  private static let template = Result {
    let folder = try ServerProcess.makeFolder()
    let keeper = try ServerProcess("/bin/sleep", ["infinity"], folder: folder) { true }
    guard let programs = PostgresTestServer.folder else {
      throw ServerProcess.Failure(description: missing)
    }
    try giveAway(folder)
    let passwordFile = folder + "/password"
    try Files.write(Array((password + "\n").utf8), to: passwordFile)
    let made = try run([
      programs + "/initdb", "--pgdata=\(folder)/data", "--username=stance",
      "--auth=scram-sha-256", "--pwfile=\(passwordFile)", "--encoding=UTF8", "--locale=C",
      "--no-sync", "--no-instructions",
    ])
    guard made.succeeded else { throw ServerProcess.Failure(description: "initdb: \(made.errors)") }
    return keeper
  }

  /// For `.enabled(if:)`.
  package static var isInstalled: Bool { folder != nil }
  package static let missing = "needs PostgreSQL, run by a user who is not root (`make databases`)"
  package static let password = "b/9 @:%x"

  /// One for all tests that do not stop it.
  package static let shared = Result { try PostgresTestServer() }

  package let port: UInt16
  package let process: ServerProcess

  /// - Parameters:
  ///   - options: such as "fsync=off".
  ///   - tls: what it shows to those who ask for TLS.
  ///   - primary: a server whose replica this one is, until it is promoted.
  package init(
    _ options: [String] = [], tls: TestCertificates? = nil,
    replicaOf primary: PostgresTestServer? = nil
  ) throws {
    guard let programs = Self.folder else { throw ServerProcess.Failure(description: Self.missing) }
    let folder = try ServerProcess.makeFolder()
    try Self.giveAway(folder)
    let data = folder + "/data"
    // Once made, copied for others.
    let copying =
      try primary.map { primary in
        [
          "env", "PGPASSWORD=\(Self.password)", programs + "/pg_basebackup", "--pgdata=\(data)",
          "--dbname=\(primary.address)", "--write-recovery-conf", "--checkpoint=fast", "--no-sync",
        ]
      } ?? ["cp", "-R", Self.template.get().folder + "/data", data]
    let made = try Self.run(copying)
    guard made.succeeded else {
      throw ServerProcess.Failure(description: "\(copying[0]): \(made.errors)")
    }
    port = try ServerProcess.freePort()
    let settings =
      [
        "listen_addresses=127.0.0.1", "unix_socket_directories=", "max_connections=60",
        "shared_buffers=16MB", "jit=off", "dynamic_shared_memory_type=mmap",
        "logging_collector=off",
        // As durable as the system: a killed server loses nothing by it.
        "fsync=off",
      ] + options + (try tls.map { try Self.keys($0, in: folder) } ?? [])
    // SIGQUIT ends it at once, and frees its shared memory.
    let probe = Command(programs + "/pg_isready", ["-h", "127.0.0.1", "-p", String(port)])
    process = try ServerProcess(
      "/usr/bin/env",
      Self.prefix + [programs + "/postgres", "-D", data, "-p", String(port)]
        + settings.flatMap { ["-c", $0] },
      folder: folder, endSignal: "QUIT"
    ) {
      try ChildProcess.run(probe, outputLimit: 4096, timeout: .seconds(30)).succeeded
    }
  }

  /// The settings for TLS. The server's user gets a copy of the key that nobody else can read, as the server wants it.
  private static func keys(_ files: TestCertificates, in folder: String) throws -> [String] {
    let key = folder + "/key.pem"
    let certificate = folder + "/certificate.pem"
    for (original, copy) in [(files.key, key), (files.certificate, certificate)] {
      try Files.write(Files.read(original, limit: 1 << 16), to: copy)
      guard chmod(copy, 0o600) == 0 else {
        throw ServerProcess.Failure(description: "can't hide \(copy)")
      }
      try giveAway(copy)
    }
    return ["ssl=on", "ssl_key_file=\(key)", "ssl_cert_file=\(certificate)"]
  }

  /// "postgresql://stance@127.0.0.1:20000/postgres", without the password.
  package var address: String { "postgresql://stance@127.0.0.1:\(port)/postgres" }
}
