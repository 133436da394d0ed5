import Files
import Images
import Synchronization

/// A folder of pictures as a video: in the natural order of their names, at an even rate.
final class PictureFolder: FrameSource {
  let info: VideoInfo
  private let folder: String
  private let names: [String]
  private let limits: ImageLimits
  private let progress: Mutex<Progress>

  private struct Progress {
    var indices: [Int]
    var position = 0
    var last: VideoError.Place?
    var isStopped = false
  }

  /// Bytes that tell a picture from other files.
  private static let signatureLength = 64

  /// - Throws: `VideoError` when there is no picture in it, or the first can't be read.
  init(_ folder: String, _ options: VideoReadingOptions) throws(VideoError) {
    let limits = ImageLimits(maxPixels: options.maxPixels)
    let names = try Self.pictures(in: folder)
    guard let first = names.first else {
      throw VideoError(.empty, "a folder without a picture in it")
    }
    let size = try Self.decode(folder, first, limits, index: 0, after: nil).size
    let timeBase = Self.timeBase(options.frameRate)
    let info = VideoInfo(
      source: folder, size: size, codec: "pictures", container: "folder", timeBase: timeBase,
      zero: 0,
      start: 0, duration: timeBase.seconds(Int64(names.count)), frameRate: 1 / timeBase.seconds(1),
      frameCount: names.count, isHDR: false)
    let selection = FrameSelection(options, of: info)
    let chosen = (0..<names.count).filter {
      Int64($0) >= selection.first ?? 0 && Int64($0) < selection.end ?? .max
    }
    self.info = info
    self.folder = folder
    self.names = names
    self.limits = limits
    progress = Mutex(
      Progress(indices: stride(from: 0, to: chosen.count, by: options.every).map { chosen[$0] }))
  }

  func next() throws(VideoError) -> VideoFrame? {
    let (index, last): (Int?, VideoError.Place?) = progress.withLock { progress in
      guard !progress.isStopped, progress.position < progress.indices.count else {
        return (nil, nil)
      }
      defer { progress.position += 1 }
      return (progress.indices[progress.position], progress.last)
    }
    guard let index else { return nil }
    let image = try Self.decode(folder, names[index], limits, index: index, after: last)
    guard image.size == info.size else {
      throw VideoError(
        .unsupported,
        "\(names[index].shownPath) is \(image.size) pixels and the first picture \(info.size); all must be alike",
        after: last)
    }
    let time = info.timeBase.seconds(Int64(index))
    progress.withLock { $0.last = VideoError.Place(index: index, time: time) }
    return VideoFrame(image: image, time: time, ticks: Int64(index), index: index)
  }

  func stop() { progress.withLock { $0.isStopped = true } }

  func end() { stop() }

  /// Names of files that are pictures by their content; hidden ones are passed over.
  private static func pictures(in folder: String) throws(VideoError) -> [String] {
    do {
      let names = try Files.names(in: folder).filter { !$0.hasPrefix(".") }
      let pictures = try names.filter { name in
        let file = try OpenFile(reading: "\(folder)/\(name)")
        guard case .regular = try file.kind() else { return false }
        return ImageFormat(of: try file.bytes(at: 0, count: signatureLength)) != nil
      }
      return pictures.sorted(by: NaturalOrder.precedes)
    } catch let error as FileError {
      throw VideoError(.unreadable, error.message)
    } catch {
      throw VideoError(.unreadable, "\(error)")
    }
  }

  private static func decode(
    _ folder: String, _ name: String, _ limits: ImageLimits, index: Int,
    after last: VideoError.Place?
  ) throws(VideoError) -> Image {
    do {
      return try EncodedImage(contentsOf: "\(folder)/\(name)", limits: limits).decode()
    } catch let error as ImageError {
      let message = "picture \(index), \(name.shownPath): \(error.message)"
      switch error.code {
      case .tooLarge: throw VideoError(.tooLarge, message, after: last)
      case .missingTool: throw VideoError(.missingTool, message, after: last)
      case .noResources: throw VideoError(.noResources, message, after: last)
      case .unreadableFile: throw VideoError(.unreadable, message, after: last)
      case .unsupportedFormat: throw VideoError(.unsupported, message, after: last)
      default: throw VideoError(.damaged, message, after: last)
      }
    } catch {
      throw VideoError(.damaged, "picture \(index), \(name.shownPath): \(error)", after: last)
    }
  }

  /// The tick of a frame at this rate: exact for whole rates and for 24, 30 and 60 × 1000/1001, else to a millionth of a frame.
  static func timeBase(_ rate: Double) -> TimeBase {
    if rate == rate.rounded() { return TimeBase(1, Int64(rate)) }
    let ntsc = (rate * 1001 / 1000).rounded()
    if abs(ntsc * 1000 / 1001 - rate) < 0.005 { return TimeBase(1001, Int64(ntsc) * 1000) }
    return TimeBase(1_000_000, max(1, Int64((rate * 1e6).rounded())))
  }
}
