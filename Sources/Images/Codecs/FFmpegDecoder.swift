import Files
import PixelKernels
import Processes

/// BMP, by an ffmpeg process that may use this format and nothing else; `stance-decode` takes its rights and becomes it.
enum FFmpegDecoder {
  /// Room for ffmpeg's libraries and buffers, whatever the picture.
  private static let baseMemory = 1 << 30
  /// The picture decoded, converted and in the filter, each up to 8 bytes a pixel.
  private static let memoryPerPixel = 24

  static func decode(
    _ bytes: [UInt8], _ size: ImageSize, _ limits: ImageLimits, _ tools: DecodingTools
  ) throws -> Image {
    let helper = try tools.helper(for: .bmp)
    guard let ffmpeg = Files.program(tools.ffmpeg) else { throw missing("not found") }
    let memory = baseMemory + memoryPerPixel * size.pixelCount + 2 * bytes.count
    let child = DecodingChild(
      command: Command(
        helper, ["run", ffmpeg] + arguments(size, byteCount: bytes.count),
        limits: Command.Limits(memory: memory, processorSeconds: limits.processorSeconds)),
      format: .bmp, limits: limits)
    let expected = 4 * size.pixelCount
    let result = try child.run(bytes, outputLimit: expected, expectedOutput: expected)
    try check(result)
    guard result.output.count == expected else {
      throw ImageFormat.bmp.corrupt(
        "\(result.output.count) bytes of pixels for a picture of \(size)")
    }
    var pixels = result.output
    pixels.withUnsafeMutableBufferPointer { Conversion.composeOnWhite(bgra: $0) }
    return Image(size: size, bgrx: pixels)
  }

  private static func arguments(_ size: ImageSize, byteCount: Int) -> [String] {
    // ffmpeg counts the sides of its buffers, which it rounds up.
    let mostPixels = ((size.width | 63) + 65) * ((size.height | 63) + 65)
    return [
      "-nostdin", "-hide_banner", "-v", "error", "-threads", "1", "-filter_threads", "1",
      "-protocol_whitelist", "pipe", "-format_whitelist", "bmp_pipe", "-codec_whitelist", "bmp",
      "-max_pixels", "\(mostPixels)", "-err_detect", "explode",
      // The demuxer for pipes hands on what it reads in one packet of this size.
      "-frame_size", "\(byteCount)",
      "-f", "bmp_pipe", "-i", "pipe:0", "-map", "0:v:0", "-frames:v", "1", "-threads", "1",
      "-sws_flags", "bilinear+accurate_rnd+full_chroma_int", "-pix_fmt", "bgra",
      "-f", "rawvideo", "pipe:1",
    ]
  }

  /// ffmpeg goes on after many kinds of damage and leaves the rest empty: any error line is a failure.
  private static func check(_ result: ChildResult) throws(ImageError) {
    let format = ImageFormat.bmp
    if result.status == .exited(70) {
      throw ImageError(.noResources, "BMP could not be decoded now: \(result.lastError ?? "")")
    }
    if result.status == .exited(72) { throw missing(result.lastError ?? "it can't be started") }
    guard !result.succeeded || result.lastError != nil else { return }
    let lines = result.errors.split(whereSeparator: \.isNewline).map(withoutPrefix)
    let reason = lines.first ?? "\(result.status)"
    let isUnread = ["not supported", "not implemented", "unsupported", "Unsupported"]
      .contains { mark in lines.contains { $0.contains(mark) } }
    throw isUnread
      ? ImageError(.unsupportedFormat, "a kind of \(format.title) that is not read: \(reason)")
      : format.corrupt(reason)
  }

  private static func missing(_ reason: String) -> ImageError {
    ImageError(.missingTool, "BMP needs ffmpeg, which is Debian's package ffmpeg: \(reason)")
  }

  /// "[bmp @ 0x55d0] text" without the address, which differs from run to run.
  private static func withoutPrefix(_ line: Substring) -> String {
    guard line.hasPrefix("["), let end = line.firstIndex(of: "]") else { return String(line) }
    return String(line[line.index(after: end)...].drop(while: \.isWhitespace))
  }
}
