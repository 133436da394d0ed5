import Files
import Glibc
import Processes

/// An authority and a server's certificate by it, made with the program openssl, in a folder of their own.
package final class TestCertificates: Sendable {
  /// For `.enabled(if:)`.
  package static let isInstalled = access("/usr/bin/openssl", X_OK) == 0
  package static let missing = "needs the program openssl"

  private let folder: TemporaryFolder

  /// A certificate for the address 127.0.0.1.
  package init() throws {
    folder = try TemporaryFolder()
    try Files.write(Array("subjectAltName=IP:127.0.0.1\n".utf8), to: folder.path + "/names")
    try run(
      "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 3 -subj /CN=authority -keyout ca.key -out ca.pem"
    )
    try run(
      "req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=server -keyout key.pem -out request"
    )
    try run(
      "x509 -req -in request -CA ca.pem -CAkey ca.key -CAcreateserial -days 3 -extfile names -out certificate.pem"
    )
  }

  package var authority: String { folder.path + "/ca.pem" }
  package var certificate: String { folder.path + "/certificate.pem" }
  package var key: String { folder.path + "/key.pem" }

  private func run(_ line: String) throws {
    let words = line.split(separator: " ").map(String.init)
    let command = Command(
      "/bin/sh", ["-c", #"cd "$1" && shift && exec openssl "$@""#, "sh", folder.path] + words)
    let result = try ChildProcess.run(command, outputLimit: 1 << 20, timeout: .seconds(120))
    guard result.succeeded else { throw ServerProcess.Failure(description: result.errors) }
  }
}
