import Files
import Glibc
import Processes
import Synchronization

/// A server that a test starts, kills and starts again. It ends with its last reference, and with the test's process, whatever
/// ends that; its folder goes with it.
package final class ServerProcess: Sendable {
  package struct Failure: Error, CustomStringConvertible {
    package let description: String
  }

  /// Takes one order a line and answers each with one; the end of its input ends server and folder.
  private static let keeper = #"""
    folder=$1 end=$2; shift 2
    server=
    stop() { [ -z "$server" ] || { kill "-$1" "$server"; wait "$server"; server=; } 2>/dev/null; }
    start() { "$@" </dev/null >>"$folder/log" 2>&1 & server=$!; }
    ended() { read -r _ _ state _ <"/proc/$server/stat" && [ "$state" = Z ]; }
    while read -r order; do
      case $order in
        start) start "$@" ;;
        retry) if ended; then wait "$server"; start "$@"; fi ;;
        kill) stop KILL ;;
        *) kill "-$order" "$server" ;;
      esac
      echo done
    done
    stop "$end"
    rm -rf "$folder"
    """#

  /// The server's own folder, whose `log` it writes.
  package let folder: String
  private let keeper: Mutex<StreamingChild>
  private let answers: @Sendable () throws -> Bool

  /// - Parameters:
  ///   - folder: an empty one, which is removed in the end.
  ///   - endSignal: what ends the server for good.
  ///   - answers: whether it answers now.
  package init(
    _ program: String, _ arguments: [String], folder: String, endSignal: String = "KILL",
    answers: @escaping @Sendable () throws -> Bool
  ) throws {
    self.folder = folder
    self.answers = answers
    keeper = Mutex(
      try StreamingChild(
        Command("/bin/sh", ["-c", Self.keeper, "keeper", folder, endSignal, program] + arguments),
        input: .written))
    try start()
  }

  /// Starts the server, again if need be, until it answers.
  package func start() throws {
    try order("start")
    let deadline = ContinuousClock.now + .seconds(120)
    while try !answers() {
      guard ContinuousClock.now < deadline else {
        throw Failure(description: "the server does not answer:\n\(log)")
      }
      usleep(50_000)
      // It found its port taken, or traces of one that was killed.
      try order("retry")
    }
  }
  /// As a loss of power does it for this process.
  package func kill() throws { try order("kill") }
  /// Stops the server where it is, so that it answers no more.
  package func freeze() throws { try order("STOP") }
  /// Lets a frozen server go on.
  package func thaw() throws { try order("CONT") }

  /// The end of what the server said.
  package var log: String {
    let bytes = (try? Files.read(folder + "/log", limit: 64 << 20)) ?? []
    return String(decoding: bytes, as: UTF8.self).split(separator: "\n").suffix(12)
      .joined(separator: "\n")
  }

  deinit {
    // The keeper ends the server and the folder.
    keeper.withLock { _ = try? $0.end(within: .seconds(30)) }
  }

  private func order(_ name: String) throws {
    try keeper.withLock { keeper in
      let order = Array((name + "\n").utf8)
      var buffer = [UInt8](repeating: 0, count: 64)
      guard try order.withUnsafeBytes({ try keeper.write($0, within: .seconds(60)) }),
        try keeper.wait(for: [.output], within: .seconds(60)),
        case .bytes = try keeper.read(.output, into: &buffer)
      else { throw Failure(description: "no answer to \(name)") }
    }
  }

  // MARK: What servers need

  /// A new folder below that of temporary files.
  static func makeFolder() throws -> String {
    var template = Array("/tmp/stance-server-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { throw Failure(description: "no folder") }
    return String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
  }

  /// A port of 127.0.0.1 that nobody listens at now, below those that the system gives to connections: one of those could be
  /// taken while the server is down, even by a connection to itself.
  static func freePort() throws -> UInt16 {
    for _ in 0..<200 {
      let port = UInt16.random(in: 15_000..<32_000)
      let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
      defer { close(descriptor) }
      var address = sockaddr_in()
      address.sin_family = sa_family_t(AF_INET)
      address.sin_port = port.bigEndian
      address.sin_addr.s_addr = inet_addr("127.0.0.1")
      let isFree = withUnsafePointer(to: &address) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
          bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
        }
      }
      if isFree { return port }
    }
    throw Failure(description: "no free port")
  }

  /// Where a program is, or nil.
  static func find(_ names: [String]) -> String? { names.first { access($0, X_OK) == 0 } }
}
