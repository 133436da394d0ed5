import PixelKernels
import Processes

/// GIF, TIFF, HEIC and AVIF by `stance-decode`, in a process that can reach nothing and whose memory is bounded by the size
/// that the header claims.
enum HelperDecoder {
  /// What `stance-decode` writes first: width, height, channels (3 RGB, 4 RGBA) and orientation, each 4 bytes,
  /// little-endian.
  private static let headerLength = 16

  /// - Parameter size: the stored picture's, where the header tells it.
  static func decode(
    _ bytes: [UInt8], _ format: ImageFormat, _ size: ImageSize?, _ limits: ImageLimits,
    _ tools: DecodingTools
  ) throws -> Image {
    let pixels = size?.pixelCount ?? limits.pixelBound
    let child = DecodingChild(
      command: Command(
        try tools.helper(for: format),
        [format.rawValue, "\(limits.pixelBound)", "\(limits.maxBytes)"],
        limits: Command.Limits(
          memory: (1 << 30) + 32 * pixels + 2 * bytes.count,
          processorSeconds: limits.processorSeconds)),
      format: format, limits: limits)
    let result = try child.run(bytes, outputLimit: headerLength + 4 * pixels)
    try check(result, format)
    let image = try image(result.output, format, limits)
    guard size == nil || image.size == size else {
      throw format.corrupt("two sizes, \(size?.description ?? "") and \(image.size)")
    }
    return image
  }

  private static func check(_ result: ChildResult, _ format: ImageFormat) throws(ImageError) {
    let reason = result.lastError ?? "no reason given"
    switch result.status {
    case .exited(0): return
    case .exited(66): throw format.truncated(reason)
    case .exited(67): throw ImageError(.tooLarge, reason)
    case .exited(69):
      throw ImageError(.unsupportedFormat, "a kind of \(format.title) that is not read: \(reason)")
    case .exited(70):
      throw ImageError(.noResources, "\(format.title) could not be decoded now: \(reason)")
    case .exited: throw format.corrupt(reason)
    case .signalled(let signal):
      throw format.corrupt(
        "its decoder was stopped by signal \(signal), at its limits of memory and time")
    }
  }

  private static func image(
    _ output: [UInt8], _ format: ImageFormat, _ limits: ImageLimits
  ) throws -> Image {
    let header = HeaderBytes(output)
    guard let width = header.number(0, width: 4, .little),
      let height = header.number(4, width: 4, .little),
      let channels = header.number(8, width: 4, .little), [3, 4].contains(channels),
      let orientation = header.number(12, width: 4, .little).flatMap(Orientation.init)
    else { throw format.corrupt("its decoder wrote no picture") }
    let size = ImageSize(width: width, height: height)
    try limits.check(size)
    guard output.count == headerLength + channels * size.pixelCount else {
      throw format.corrupt("its decoder wrote \(output.count) bytes for a picture of \(size)")
    }
    let stored = Image(
      size: size,
      filledBy: { target in
        output.withUnsafeBufferPointer { bytes in
          let source = UnsafeBufferPointer(rebasing: bytes[headerLength...])
          if channels == 3 {
            Conversion.toBGRX(rgb: source, into: target)
          } else {
            _ = target.update(fromContentsOf: source)
            Conversion.composeOnWhite(rgba: target)
          }
        }
      })
    return orientation.apply(to: stored)
  }
}
