import Images
import Testing

@Suite("Encoding")
struct EncoderTests {
  private let picture = Image.gradient(width: 93, height: 61)

  @Test("PNG gives every pixel back")
  func png() throws {
    #expect(try EncodedImage(ImageEncoder.encode(picture, as: .png)).decode() == picture)
  }

  @Test(
    "JPEG and WebP come back alike, and better with more quality",
    arguments: [ImageFormat.jpeg, .webp])
  func lossy(format: ImageFormat) throws {
    let fine = try ImageEncoder.encode(picture, as: format, quality: 95)
    let coarse = try ImageEncoder.encode(picture, as: format, quality: 20)
    let encoded = try EncodedImage(fine)
    #expect(encoded.format == format && encoded.size == picture.size)
    #expect(try meanDifference(encoded.decode(), picture) < 3)
    #expect(coarse.count < fine.count)
  }

  @Test("A mask becomes a PNG of one grey channel with its values")
  func mask() throws {
    let values = (0..<70).map { UInt8($0 * 3) }
    let png = try ImageEncoder.png(Mask(size: ImageSize(width: 10, height: 7), values: values))
    // Bit depth 8, colour type 0.
    #expect(Array(png[24...25]) == [8, 0])
    let image = try EncodedImage(png).decode()
    image.withPixels { pixels in
      #expect(
        (0..<70).allSatisfy { pixels[4 * $0] == values[$0] && pixels[4 * $0 + 2] == values[$0] })
    }
  }

  @Test("A side too long for the format is an error that says the limit")
  func tooLong() throws {
    let strip = Image(
      size: ImageSize(width: 1, height: 66_000), bgrx: [UInt8](repeating: 255, count: 264_000))
    for (format, limit) in [(ImageFormat.jpeg, "65535"), (.webp, "16383")] {
      let error = try #require(throws: ImageError.self) {
        try ImageEncoder.encode(strip, as: format)
      }
      #expect(error.code == .encodingFailed && error.message.contains(limit))
    }
    #expect(try EncodedImage(ImageEncoder.encode(strip, as: .png)).size == strip.size)
  }

  @Test("Other formats and impossible qualities are refused")
  func refused() throws {
    let format = try #require(throws: ImageError.self) {
      try ImageEncoder.encode(picture, as: .heic)
    }
    #expect(format.code == .unsupportedFormat)
    #expect(throws: ImageError.self) { try ImageEncoder.encode(picture, as: .jpeg, quality: 0) }
    #expect(throws: ImageError.self) { try ImageEncoder.encode(picture, as: .webp, quality: 101) }
  }
}
