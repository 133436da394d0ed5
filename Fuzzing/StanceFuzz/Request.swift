import CHTTPServer
import Dispatch
import StanceService
import Synchronization
import Telemetry

@testable import HTTPServer

extension FuzzTarget {
  /// An HTTP request, through the whole service but for sockets and models: the answer is no `internal` error, and
  /// nothing of the request gets into its head.
  static let request = FuzzTarget(name: "request") { input in
    guard let request = HTTPRequest(parsing: input) else { return }
    let isOver = DispatchSemaphore(value: 0)
    Task {
      do {
        let response = try await service(request)
        precondition(response.isSafe && response.status != 500, "\(response)")
      } catch { preconditionFailure("\(error)") }
      isOver.signal()
    }
    isOver.wait()
  }

  private static let service: HTTPHandler = {
    var configuration = ServiceConfiguration()
    // Where every Host is answered.
    configuration.server.host = "0.0.0.0"
    configuration.server.maxMegapixels = 1
    configuration.server.maxBody = 1 << 16
    configuration.server.cacheSize = 1
    configuration.server.corsOrigins = ["https://example.org"]
    do {
      return try StanceApplication(
        configuration, finder: OnePersonFinder(), version: "0", log: .none
      ).handler
    } catch { preconditionFailure("\(error)") }
  }()
}

extension HTTPRequest {
  /// A request as HTTP/1.1 writes it, read leniently: what the service sees has passed a stricter parser.
  fileprivate init?(parsing bytes: [UInt8]) {
    var rest = bytes[...]
    guard let first = rest.takeLine() else { return nil }
    let words = first.split(separator: " ", maxSplits: 1)
    guard words.count == 2 else { return nil }
    var headers = HTTPHeaders()
    while let line = rest.takeLine(), !line.isEmpty {
      let pieces = line.split(separator: ":", maxSplits: 1)
      guard pieces.count == 2 else { continue }
      headers.add(String(pieces[0]), String(pieces[1].trimmed))
    }
    self.init(
      method: String(words[0]), target: String(words[1]), headers: headers, peer: "127.0.0.1",
      wantsWebSocket: false,
      body: RequestBody(
        exchange: BytesInHand(Array(rest)),
        length: headers["Transfer-Encoding"] == nil ? rest.count : nil))
  }
}

/// A body that is there already.
private final class BytesInHand: BodySource {
  private let bytes: Mutex<[UInt8]>

  init(_ bytes: [UInt8]) { self.bytes = Mutex(bytes) }

  func ask(_ command: Command) async -> Reply {
    guard command.kind == .HTTP_READ_BODY else { return Reply(result: .HTTP_OK, bytes: []) }
    return bytes.withLock { bytes in
      defer { bytes = [] }
      return Reply(result: .HTTP_OK, bytes: bytes)
    }
  }
}
