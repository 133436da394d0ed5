import CHTTPServer
import Dispatch
import Images
import Inference
import PoseVideo
import Stance
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

/// Finds somebody in every photo, without looking.
private struct OnePersonFinder: PeopleFinder {
  let engineCount = 1
  let precision = Precision.f32

  func resultAndPhoto(
    for photo: EncodedImage, options: PoseOptions, onStart: @escaping @Sendable () -> Void
  ) async throws -> (result: PoseResult, photo: Photo) {
    onStart()
    let photo = try Photo(photo.decode())
    let size = try photo.whole().size
    let person = Person(
      score: 0.9, presence: 0.9, confidence: 0.9, box: PixelBox(x: 0, y: 0, width: 1, height: 1),
      landmarks: landmarks(), worldLandmarks: landmarks(),
      mask: options.segmentation
        ? Mask(size: size, values: [UInt8](repeating: 99, count: size.pixelCount)) : nil)
    let result = PoseResult(
      imageSize: size, complexity: options.complexity, search: options.search, precision: precision,
      people: [person],
      timing: PoseTiming(decode: .zero, detect: .zero, landmarks: .zero, total: .zero))
    return (result, photo)
  }

  func liveTracker(
    _ options: PoseOptions, _ tracking: TrackingOptions
  ) throws -> any LiveTracker {
    throw CancellationError()  // no request becomes a WebSocket here
  }

  func clipTracker(
    _ options: PoseOptions, _ tracking: TrackingOptions
  ) throws -> any FrameTracker {
    throw CancellationError()  // no request holds a video here
  }

  private func landmarks<Frame>() -> Landmarks<Frame> {
    Landmarks(
      (0..<33).map { index in
        let place = Float(index) / 32
        return Landmark(x: place, y: 1 - place * place, z: 0, visibility: place, presence: 1)
      })
  }
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
    bytes.withLock { bytes in
      defer { bytes = [] }
      return Reply(result: .HTTP_OK, bytes: bytes)
    }
  }
}
