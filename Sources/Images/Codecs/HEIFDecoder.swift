import PixelKernels
import Processes

/// HEIC and AVIF by `stance-heif`, in a process whose memory is bounded by the size that the header claims.
///
/// libheif turns the picture upright itself, so EXIF data is not looked at.
enum HEIFDecoder {
  /// What `stance-heif` writes first: width, height and channels (3 RGB, 4 RGBA), each 4 bytes, little-endian.
  private static let headerLength = 12

  static func decode(
    _ bytes: [UInt8], _ format: ImageFormat, _ limits: ImageLimits, _ tools: DecodingTools
  ) throws -> Image {
    guard let program = tools.heif else {
      throw ImageError(
        .missingTool,
        "\(format.title) needs the program stance-heif (with Debian's package libheif1), which is not beside this program"
      )
    }
    let child = DecodingChild(
      command: Command(
        program, ["\(limits.pixelBound)", "\(limits.maxBytes)"],
        limits: Command.Limits(
          memory: (1 << 30) + 32 * limits.pixelBound + 2 * bytes.count,
          processorSeconds: limits.processorSeconds)),
      format: format, debianPackage: "libheif1", limits: limits)
    let result = try child.run(bytes, outputLimit: headerLength + 4 * limits.pixelBound)
    try check(result, format)
    return try image(result.output, format, limits)
  }

  private static func check(_ result: ChildResult, _ format: ImageFormat) throws(ImageError) {
    let reason = result.lastError ?? "no reason given"
    switch result.status {
    case .exited(0): return
    case .exited(66): throw format.truncated(reason)
    case .exited(67): throw ImageError(.tooLarge, reason)
    case .exited(69): throw ImageError(.unsupportedFormat, reason)
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
      let channels = header.number(8, width: 4, .little), [3, 4].contains(channels)
    else { throw format.corrupt("its decoder wrote no picture") }
    let size = ImageSize(width: width, height: height)
    try limits.check(size)
    guard output.count == headerLength + channels * size.pixelCount else {
      throw format.corrupt("its decoder wrote \(output.count) bytes for a picture of \(size)")
    }
    return Image(
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
  }
}
