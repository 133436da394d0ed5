import Files
import Foundation
import Images
import Stance
import StanceCommands
import Synchronization

/// Output kept in memory; it can be closed like a pipe whose reader has gone.
final class MemorySink: ByteSink {
  private let state: Mutex<(bytes: [UInt8], room: Int)>

  /// Closed after so many writes.
  init(room: Int = .max) { state = Mutex(([], room)) }

  func write(_ bytes: [UInt8]) throws(SinkError) {
    let isOpen = state.withLock { state in
      guard state.room > 0 else { return false }
      state.room -= 1
      state.bytes += bytes
      return true
    }
    if !isOpen { throw .closed }
  }

  var text: String { String(decoding: state.withLock { $0.bytes }, as: UTF8.self) }
  var lines: [String] { text.split(separator: "\n").map(String.init) }
}

/// A finder that needs no models: a photo's text is its number of people, "bad" an error.
struct FakeFinder: PoseFinder {
  var before: @Sendable (String) -> Void = { _ in }
  var size = ImageSize(width: 40, height: 30)
  var maxPeople = Int.max

  struct Unreadable: Error, CustomStringConvertible { let description = "no picture" }

  func find(
    in bytes: [UInt8], wantsPicture: Bool
  ) throws -> (result: PoseResult, picture: Image?) {
    let text = String(decoding: bytes, as: UTF8.self)
    before(text)
    guard let count = Int(text.prefix { $0 != " " }) else { throw Unreadable() }
    let result = PoseResult(
      imageSize: size, complexity: .full, search: .auto, precision: .f32,
      people: (0..<min(count, maxPeople)).map { _ in person(Float(count)) }, peopleFound: count,
      timing: PoseTiming())
    let grey = [UInt8](repeating: 128, count: 4 * size.pixelCount)
    return (result, wantsPicture ? Image(size: size, bgrx: grey) : nil)
  }

  private func person(_ number: Float) -> Person {
    func landmarks<Frame>() -> Landmarks<Frame> {
      Landmarks(
        (0..<33).map {
          Landmark(
            x: 0.5, y: Float($0) / 33, z: 0, visibility: $0 < 30 ? 0.9 : 0.1, presence: 1)
        })
    }
    return Person(
      score: 0.984, presence: 0.99, confidence: 0.8,
      box: PixelBox(x: 12.4, y: 30.5, width: 200, height: 410),
      landmarks: landmarks(), worldLandmarks: landmarks(),
      mask: Mask(size: size, values: [UInt8](repeating: UInt8(number), count: size.pixelCount)))
  }
}

/// A folder of its own for one test.
struct TemporaryFolder: ~Copyable {
  let path: String

  init() throws {
    let url = FileManager.default.temporaryDirectory.appending(path: "stance-\(UUID())")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    path = Files.realPath(url.path()) ?? url.path()
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func write(_ text: String, to name: String) throws {
    try Files.makeFolder(Files.parent(of: "\(path)/\(name)"))
    try Files.write(Array(text.utf8), to: "\(path)/\(name)")
  }

  func read(_ name: String) throws -> [UInt8] { try Files.read("\(path)/\(name)", limit: 1 << 20) }
}

/// What one run of the program gave.
struct Run {
  let status: Int32
  let output: MemorySink
  let errors: MemorySink

  init(status: Int32, output: MemorySink, errors: MemorySink) {
    self.status = status
    self.output = output
    self.errors = errors
  }

  /// Runs the program in this process, with the fake finder; without `input` reading it fails.
  init(
    _ arguments: [String], finder: any PoseFinder = FakeFinder(), input: String? = "",
    environment: [String: String] = [:], output: MemorySink = MemorySink(),
    showsProgress: Bool = false, interrupts: Interrupts = .none,
    onMake: @escaping @Sendable (PoseOptions, EngineOptions) throws -> Void = { _, _ in }
  ) {
    self.output = output
    errors = MemorySink()
    let console = Console(
      output: output, errors: errors, showsProgress: showsProgress, environment: environment,
      readInput: { _ in
        guard let input else { throw SinkError.failed("no input") }
        return Array(input.utf8)
      }, interrupts: interrupts)
    let program = Program(console: console) { options, engine in
      try onMake(options, engine)
      return finder
    }
    status = program.run(arguments)
  }
}

/// Whether pictures can be written, which needs the codecs.
let canEncode: Bool = {
  let image = Image(size: ImageSize(width: 2, height: 2), bgrx: [UInt8](repeating: 0, count: 16))
  return (try? ImageEncoder.encode(image, as: .jpeg)) != nil
}()
