import Dispatch
import StanceService
import Synchronization
import Telemetry

extension FuzzTarget {
  /// A line with the query, then what a client sends once `/v1/live` is a WebSocket: the service answers in whole frames
  /// as RFC 6455 wants them from a server, finds no fault of its own, and lives on.
  static let websocket = FuzzTarget(name: "websocket") { input in
    var rest = input[...]
    guard let query = rest.takeLine(), query.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
      return
    }
    let handshake =
      "GET /v1/live?\(query) HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
      + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
    let answer = exchange(Array(rest), with: livePort, after: Array(handshake.utf8))
    precondition(answer.isEmpty || answer.starts(with: "HTTP/1.1 ".utf8), "\(answer)")
    guard answer.starts(with: "HTTP/1.1 101".utf8) else { return }
    var lines = answer[...]
    while let line = lines.takeLine(), !line.isEmpty {}
    checkFrames(lines)
  }

  /// That of a service without models, until the program ends.
  private static let livePort: Int = {
    let isListening = DispatchSemaphore(value: 0)
    let port = Atomic(0)
    Task {
      do {
        var configuration = ServiceConfiguration()
        configuration.server.port = 0
        configuration.server.maxMegapixels = 1
        configuration.server.maxBody = 1 << 12
        configuration.server.videos = 0
        // Those that are just ending count as well.
        configuration.server.liveSessions = 200
        configuration.server.liveRate = 0.1
        let application = try StanceApplication(
          configuration, finder: OnePersonFinder(), version: "0", log: .none)
        try await application.run {
          port.store($0, ordering: .relaxed)
          isListening.signal()
        }
      } catch { preconditionFailure("\(error)") }
    }
    isListening.wait()
    return port.load(ordering: .relaxed)
  }()

  /// Frames of a server: whole messages without a mask; a connection that is cut may end within one.
  private static func checkFrames(_ bytes: ArraySlice<UInt8>) {
    var rest = bytes
    while rest.count >= 2 {
      let (first, second) = (rest.removeFirst(), rest.removeFirst())
      precondition(
        [0x81, 0x82, 0x88, 0x89, 0x8A].contains(first) && second < 128,
        "a frame begins with \(first) \(second)")
      var count = Int(second)
      if second >= 126 {
        let size = second == 126 ? 2 : 8
        guard rest.count >= size else { return }
        count = rest.prefix(size).reduce(0) { $0 << 8 | Int($1) }
        rest = rest.dropFirst(size)
      }
      let content = rest.prefix(count)
      guard content.count == count else { return }
      rest = rest.dropFirst(count)
      if first == 0x81 {
        precondition(String(validating: content, as: UTF8.self) != nil, "a text is not UTF-8")
      }
      precondition(!(first == 0x88 && content.starts(with: [0x03, 0xF3])), "closed with 1011")
    }
  }
}
