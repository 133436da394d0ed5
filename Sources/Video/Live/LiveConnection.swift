import Images
import Processes

/// One run of ffmpeg on a live source.
struct LiveConnection {
  /// What a wait brings.
  enum Outcome {
    case frame(pixels: [UInt8], ticks: Int64?)
    /// Nothing came in time.
    case silence
    /// The run has ended.
    case ended
  }

  let child: StreamingChild
  private let byteCount: Int
  private var times = FrameTimes()
  private var timesEnded = false
  private var chunk = [UInt8](repeating: 0, count: 4 << 10)

  init(_ child: StreamingChild, size: ImageSize) {
    self.child = child
    byteCount = Image.bytesPerPixel * size.pixelCount
  }

  /// The next frame. After another outcome the connection is of no use any more.
  mutating func next(within patience: Duration) throws(ProcessError) -> Outcome {
    let deadline = ContinuousClock.now + patience
    var outcome = Outcome.ended
    let byteCount = byteCount
    let result: Result<[UInt8], any Error> = Result {
      try [UInt8](unsafeUninitializedCapacity: byteCount) { buffer, filled in
        while filled < byteCount {
          guard try waitAndTakeTimes(for: [.output], until: deadline) else {
            outcome = .silence
            return
          }
          let rest = UnsafeMutableRawBufferPointer(
            rebasing: UnsafeMutableRawBufferPointer(buffer)[filled..<byteCount])
          switch try child.read(.output, into: rest) {
          case .bytes(let count): filled += count
          case .nothingYet: break
          case .ended: return
          }
        }
      }
    }
    let pixels: [UInt8]
    do { pixels = try result.get() } catch let error as ProcessError { throw error } catch {
      return .ended
    }
    guard pixels.count == byteCount else { return outcome }
    // Written before the frame was.
    while times.given.isEmpty {
      guard !timesEnded else { return .ended }
      guard try waitAndTakeTimes(for: [], until: deadline) else { return .silence }
    }
    return .frame(pixels: pixels, ticks: times.given.removeFirst().ticks)
  }

  /// Waits for one of `streams` or a time, and takes in the times that are there; false at the deadline.
  private mutating func waitAndTakeTimes(
    for streams: Set<StreamingChild.Stream>, until deadline: ContinuousClock.Instant
  ) throws(ProcessError) -> Bool {
    let left = deadline - ContinuousClock.now
    let awaited = timesEnded ? streams : streams.union([.extra])
    guard left > .zero, try child.wait(for: awaited, within: left) else { return false }
    guard !timesEnded else { return true }
    switch try child.read(.extra, into: &chunk) {
    case .bytes(let count): times.add(chunk[..<count])
    case .nothingYet: break
    case .ended: timesEnded = true
    }
    return true
  }
}
