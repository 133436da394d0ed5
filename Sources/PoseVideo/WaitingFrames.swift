import Files
import Images
import Video

/// Frames that wait for their results, first in, first out: in memory up to a bound, beyond it in nameless files.
///
/// Half a second of a large video can be gigabytes.
struct WaitingFrames {
  private enum Place {
    case memory(VideoFrame)
    /// The frame, but for its pixels, and where these are.
    case file(time: Double, ticks: Int64, index: Int, size: ImageSize, ScratchFile)
  }

  private let limit: Int
  private let folder: String?
  private var places: [Place] = []
  private var bytesInMemory = 0

  /// None.
  ///
  /// - Parameters:
  ///   - limit: the bytes of pixels in memory.
  ///   - folder: where the files are; nil: in `TMPDIR` or `/tmp`.
  init(limit: Int, in folder: String? = nil) { (self.limit, self.folder) = (limit, folder) }

  /// How many wait in files.
  var countInFiles: Int {
    places.count { if case .file = $0 { true } else { false } }
  }

  /// - Throws: `FileError` when there is no room for a file.
  mutating func append(_ frame: VideoFrame) throws(FileError) {
    let count = Self.bytes(of: frame.image.size)
    guard bytesInMemory + count > limit else {
      bytesInMemory += count
      places.append(.memory(frame))
      return
    }
    let file = try ScratchFile(limit: count, in: folder)
    try file.reserve(count)
    frame.image.withPixels { file.bytes.copyMemory(from: UnsafeRawBufferPointer($0)) }
    places.append(
      .file(
        time: frame.time, ticks: frame.ticks, index: frame.index, size: frame.image.size, file))
  }

  /// The frame that waits for longest; nil when none does.
  mutating func popFirst() -> VideoFrame? {
    guard !places.isEmpty else { return nil }
    switch places.removeFirst() {
    case .memory(let frame):
      bytesInMemory -= Self.bytes(of: frame.image.size)
      return frame
    case .file(let time, let ticks, let index, let size, let file):
      let image = Image(size: size, bgrx: [UInt8](file.bytes.prefix(Self.bytes(of: size))))
      return VideoFrame(image: image, time: time, ticks: ticks, index: index)
    }
  }

  mutating func removeAll() {
    places = []
    bytesInMemory = 0
  }

  private static func bytes(of size: ImageSize) -> Int { Image.bytesPerPixel * size.pixelCount }
}
