import Files
import Images
import Processes
import Testing

@Suite("Pictures with transparency")
struct TransparentImageTests {
  private let size = ImageSize(width: 64, height: 48)
  /// Opaque red on the left, nothing on the right, and every opacity in a column between.
  private var picture: TransparentImage {
    var bytes: [UInt8] = []
    for index in 0..<size.pixelCount {
      let (x, y) = (index % size.width, index / size.width)
      let alpha = x < 30 ? 255 : x < 34 ? UInt8(y * 5 + 1) : 0
      bytes += alpha == 0 ? [0, 0, 0, 0] : [20, 40, 200, alpha]
    }
    return TransparentImage(size: size, bgra: bytes)
  }

  /// What ffmpeg reads: R, G, B, alpha.
  private func read(_ bytes: [UInt8]) throws -> [UInt8] {
    try ChildProcess.run(
      Command(
        "ffmpeg", ["-v", "error", "-i", "-", "-f", "rawvideo", "-pix_fmt", "rgba", "-"]),
      input: bytes, outputLimit: 1 << 20, timeout: .seconds(60)
    ).output
  }

  @Test(
    "PNG and WebP keep the opacity of each pixel, as another decoder reads them",
    .enabled(if: Files.program("ffmpeg") != nil, "needs ffmpeg"),
    arguments: [ImageFormat.png, .webp])
  func opacity(format: ImageFormat) throws {
    let encoded = try ImageEncoder.encode(picture, as: format, quality: 95)
    #expect(try EncodedImage(encoded).format == format)
    let pixels = try read(encoded)
    try #require(pixels.count == 4 * size.pixelCount)
    picture.withPixels { original in
      #expect((0..<size.pixelCount).allSatisfy { pixels[4 * $0 + 3] == original[4 * $0 + 3] })
    }
    #expect(abs(Int(pixels[4 * 10]) - 200) <= 8 && abs(Int(pixels[4 * 10 + 2]) - 20) <= 8)
    if format == .png {
      // Bit depth 8, colour type 6.
      #expect(Array(encoded[24...25]) == [8, 6])
      #expect((0..<size.height).allSatisfy { pixels[4 * ($0 * 64 + 60)] == 0 })
    }
  }

  @Test("read again, what is transparent is white")
  func onWhite() throws {
    for format in ImageEncoder.transparentFormats {
      let image = try EncodedImage(ImageEncoder.encode(picture, as: format)).decode()
      image.withPixels { pixels in #expect(Array(pixels[240..<243]) == [255, 255, 255]) }
    }
  }

  @Test("a JPEG with transparency is refused, and so is an impossible quality")
  func refused() throws {
    let error = try #require(throws: ImageError.self) {
      try ImageEncoder.encode(picture, as: .jpeg)
    }
    #expect(error.code == .unsupportedFormat && error.message.contains("PNG and WebP"))
    #expect(throws: ImageError.self) { try ImageEncoder.encode(picture, as: .webp, quality: 0) }
  }
}
