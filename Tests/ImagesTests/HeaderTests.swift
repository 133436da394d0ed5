import Images
import Testing

@Suite("Headers")
struct HeaderTests {
  private func code(_ bytes: [UInt8]) throws -> ImageError.Code {
    try #require(throws: ImageError.self) { try EncodedImage(bytes) }.code
  }

  @Test("Known files that are not read are named")
  func unread() throws {
    for (bytes, name) in [
      (Array("%PDF-1.7".utf8), "PDF"),
      (Array("<?xml version='1.0'?>\n<!-- a -->\n<svg/>".utf8), "SVG"),
      ([0x50, 0x4b, 3, 4, 0], "ZIP"), ([0, 0, 0, 12, 0x6a, 0x50, 0x20, 0x20], "JPEG 2000"),
      ([0, 0, 0, 12, 0x4a, 0x58, 0x4c, 0x20], "JPEG XL"), (Array("8BPS".utf8), "Photoshop"),
      ([0, 0, 1, 0, 1, 0], "ICO"),
      ([0x49, 0x49, 42, 0, 16, 0, 0, 0, 0x43, 0x52, 2, 0], "CR2"),
      ([0, 0, 0, 24] + Array("ftypcrx ".utf8) + [UInt8](repeating: 0, count: 12), "CR3"),
      ([0, 0, 0, 24] + Array("ftypisom".utf8) + [UInt8](repeating: 0, count: 12), "video"),
    ] {
      let error = try #require(throws: ImageError.self) { try EncodedImage(bytes) }
      #expect(error.code == .unsupportedFormat && error.message.contains(name), "\(name): \(error)")
    }
  }

  @Test("Anything else is no image, and nothing is empty")
  func unknown() throws {
    #expect(try code([]) == .empty)
    #expect(try code(Array("BMW makes cars, and this is a text about them".utf8)) == .notAnImage)
    #expect(try code(Array("<html><svg></svg></html>".utf8)) == .notAnImage)
    #expect(try code([7]) == .notAnImage)
  }

  @Test("A good beginning with nothing behind is truncated")
  func beginnings() throws {
    for bytes: [UInt8] in [
      [0xff, 0xd8, 0xff, 0xe0], [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a],
      Array("GIF89a".utf8),
      [0x49, 0x49, 42, 0, 8, 0, 0, 0], Array("RIFF\u{10}\0\0\0WEBP".utf8),
      Array("BM".utf8) + [9, 0, 0, 0, 0, 0, 0, 0],
      [0, 0, 0, 16] + Array("ftypheic".utf8) + [0, 0, 0, 0],
    ] { #expect(try code(bytes) == .truncated, "\(bytes)") }
  }

  @Test("Sizes are checked by the header: zero, negative, too many, overflowing")
  func sizes() throws {
    func bmp(_ width: Int, _ height: Int) -> [UInt8] {
      let file = Array("BM".utf8) + little(0, 4) + little(0, 4) + little(54, 4)
      let sides = little(width, 4) + little(height, 4)
      return file + little(40, 4) + sides + little(1, 2) + little(24, 2)
        + [UInt8](repeating: 0, count: 24)
    }
    #expect(try code(bmp(0, 5)) == .invalidDimensions)
    #expect(try code(bmp(-5, 5)) == .invalidDimensions)
    #expect(try code(bmp(8001, 8000)) == .tooLarge)
    #expect(try code(bmp(0x7fff_ffff, 0x7fff_ffff)) == .tooLarge)
    #expect(try EncodedImage(bmp(7, -5)).size == ImageSize(width: 7, height: 5))
    let signature: [UInt8] = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]
    let sides = big(0xffff_ffff, 4) + big(0xffff_ffff, 4)
    let png = signature + big(13, 4) + Array("IHDR".utf8) + sides + [8, 2, 0, 0, 0, 0, 0, 0, 0]
    #expect(try code(png) == .tooLarge)
  }

  @Test("More bytes than the limit are refused, from a file too, without its path")
  func bytes() throws {
    let limits = ImageLimits(maxBytes: 3)
    #expect(
      try #require(throws: ImageError.self) { try EncodedImage([1, 2, 3, 4], limits: limits) }.code
        == .tooLarge)
    let file = try #require(throws: ImageError.self) {
      try EncodedImage(contentsOf: #filePath, limits: limits)
    }
    #expect(file.code == .tooLarge && !file.message.contains("HeaderTests"))
    let missing = try #require(throws: ImageError.self) {
      try EncodedImage(contentsOf: "/no/such/photo.jpg")
    }
    #expect(missing.code == .unreadableFile && missing.message == "no such file")
    let folder = try #require(throws: ImageError.self) { try EncodedImage(contentsOf: "/") }
    #expect(folder.code == .unreadableFile)
  }
}
