import PixelKernels
import Processes

/// GIF, TIFF and BMP: the first picture, by an ffmpeg process that may use these formats and nothing else.
enum FFmpegDecoder {
  /// Room for ffmpeg's libraries and buffers, whatever the picture.
  private static let baseMemory = 1 << 30
  /// The picture decoded, converted and in the filter, each up to 8 bytes a pixel.
  private static let memoryPerPixel = 24

  static func decode(
    _ bytes: [UInt8], _ format: ImageFormat, _ size: ImageSize, _ limits: ImageLimits,
    _ tools: DecodingTools
  ) throws -> Image {
    let memory = baseMemory + memoryPerPixel * size.pixelCount + 2 * bytes.count
    let child = DecodingChild(
      command: Command(
        tools.ffmpeg, arguments(format, size, byteCount: bytes.count),
        limits: Command.Limits(memory: memory, processorSeconds: limits.processorSeconds)),
      format: format, debianPackage: "ffmpeg", limits: limits)
    let expected = 4 * size.pixelCount
    let result = try child.run(bytes, outputLimit: expected, expectedOutput: expected)
    try check(result, format)
    guard result.output.count == expected else {
      throw format.corrupt("\(result.output.count) bytes of pixels for a picture of \(size)")
    }
    var pixels = result.output
    pixels.withUnsafeMutableBufferPointer { Conversion.composeOnWhite(bgra: $0) }
    return Image(size: size, bgrx: pixels)
  }

  private static func arguments(_ format: ImageFormat, _ size: ImageSize, byteCount: Int)
    -> [String]
  {
    // The demuxers for pipes hand on what they read in one packet of this size.
    let (demuxer, whole) =
      switch format {
      case .tiff: ("tiff_pipe", ["-frame_size", "\(byteCount)"])
      case .bmp: ("bmp_pipe", ["-frame_size", "\(byteCount)"])
      default: ("gif", [])
      }
    // ffmpeg counts the sides of its buffers, which it rounds up.
    let mostPixels = ((size.width | 63) + 65) * ((size.height | 63) + 65)
    // In a TIFF it would refuse every tag that the decoder does not know, the orientation among them.
    let strictness = format == .tiff ? [] : ["-err_detect", "explode"]
    let decoder = format == .tiff ? "tiff,mjpeg" : format.rawValue
    return [
      "-nostdin", "-hide_banner", "-v", "error", "-threads", "1", "-filter_threads", "1",
      "-protocol_whitelist", "pipe", "-format_whitelist", demuxer, "-codec_whitelist", decoder,
      "-max_pixels", "\(mostPixels)",
      // The orientation is applied by us, once.
      "-noautorotate",
    ] + strictness + whole + [
      "-f", demuxer, "-i", "pipe:0", "-map", "0:v:0", "-frames:v", "1", "-threads", "1",
      "-sws_flags", "bilinear+accurate_rnd+full_chroma_int", "-pix_fmt", "bgra",
      "-f", "rawvideo", "pipe:1",
    ]
  }

  /// ffmpeg goes on after many kinds of damage and leaves the rest empty: any error line is a failure.
  private static func check(_ result: ChildResult, _ format: ImageFormat) throws(ImageError) {
    guard !result.succeeded || result.lastError != nil else { return }
    let lines = result.errors.split(whereSeparator: \.isNewline).map(withoutPrefix)
    let reason = lines.first ?? "\(result.status)"
    let isUnread = ["not supported", "not implemented", "unsupported", "Unsupported"]
      .contains { mark in lines.contains { $0.contains(mark) } }
    throw isUnread
      ? ImageError(.unsupportedFormat, "a kind of \(format.title) that is not read: \(reason)")
      : format.corrupt(reason)
  }

  /// "[tiff @ 0x55d0] text" without the address, which differs from run to run.
  private static func withoutPrefix(_ line: Substring) -> String {
    guard line.hasPrefix("["), let end = line.firstIndex(of: "]") else { return String(line) }
    return String(line[line.index(after: end)...].drop(while: \.isWhitespace))
  }
}
