import Images
import Testing

@Suite("Orientation")
struct OrientationTests {
  /// EXIF data with one entry.
  private func exif(_ orientation: Int, littleEndian: Bool) -> [UInt8] {
    func number(_ value: Int, _ width: Int) -> [UInt8] {
      littleEndian ? little(value, width) : big(value, width)
    }
    let mark = Array((littleEndian ? "II" : "MM").utf8)
    let entry = number(0x112, 2) + number(3, 2) + number(1, 4) + number(orientation, 2) + [0, 0]
    return mark + number(42, 2) + number(8, 4) + number(1, 2) + entry + number(0, 4)
  }

  /// `png` with an eXIf chunk before its last chunk.
  private func png(_ image: Image, _ exif: [UInt8]) throws -> [UInt8] {
    let png = try ImageEncoder.encode(image, as: .png)
    let typed = Array("eXIf".utf8) + exif
    let chunk = big(exif.count, 4) + typed + big(Int(crc32(typed)), 4)
    return Array(png.dropLast(12)) + chunk + Array(png.suffix(12))
  }

  private func jpeg(_ image: Image, _ exif: [UInt8]) throws -> [UInt8] {
    let jpeg = try ImageEncoder.encode(image, as: .jpeg, quality: 100)
    let body = Array("Exif\0\0".utf8) + exif
    let segment = [0xff, 0xe1] + big(body.count + 2, 2) + body
    return Array(jpeg[..<2]) + segment + jpeg[2...]
  }

  /// A WebP in the extended layout with an EXIF chunk.
  private func webp(_ image: Image, _ exif: [UInt8]) throws -> [UInt8] {
    let webp = try ImageEncoder.encode(image, as: .webp, quality: 100)
    let sides = little(image.width - 1, 3) + little(image.height - 1, 3)
    let extended = Array("VP8X".utf8) + little(10, 4) + [8, 0, 0, 0] + sides
    // 26 bytes: no padding.
    let chunk = Array("EXIF".utf8) + little(exif.count, 4) + exif
    let body = Array("WEBP".utf8) + extended + Array(webp.dropFirst(12)) + chunk
    return Array("RIFF".utf8) + little(body.count, 4) + body
  }

  /// The stored pixel that belongs at (x, y) of the upright picture, as EXIF defines the eight values.
  private func source(_ orientation: Int, _ x: Int, _ y: Int, _ size: ImageSize) -> (Int, Int) {
    let (right, bottom) = (size.width - 1, size.height - 1)
    return switch orientation {
    case 2: (right - x, y)
    case 3: (right - x, bottom - y)
    case 4: (x, bottom - y)
    case 5: (y, x)
    case 6: (y, bottom - x)
    case 7: (right - y, bottom - x)
    case 8: (right - y, x)
    default: (x, y)
    }
  }

  @Test("Each of the eight values, and any other as 1, in both byte orders", arguments: 0...9)
  func eight(orientation: Int) throws {
    let stored = Image.gradient(width: 75, height: 40)
    for littleEndian in [true, false] {
      let encoded = try EncodedImage(png(stored, exif(orientation, littleEndian: littleEndian)))
      let image = try encoded.decode()
      let swaps = (5...8).contains(orientation)
      #expect(image.size == (swaps ? ImageSize(width: 40, height: 75) : stored.size))
      #expect(encoded.size == image.size)
      var wrong = 0
      for y in 0..<image.height {
        for x in 0..<image.width {
          let (column, row) = source(orientation, x, y, stored.size)
          if image.pixel(4 * (y * image.width + x))
            != stored.pixel(4 * (row * stored.width + column))
          {
            wrong += 1
          }
        }
      }
      #expect(wrong == 0)
    }
  }

  @Test("JPEG and WebP carry it too, also reduced")
  func carriers() throws {
    let stored = Image.gradient(width: 80, height: 48)
    let data = exif(6, littleEndian: true)
    let expected = try EncodedImage(png(stored, data)).decode()
    #expect(try meanDifference(EncodedImage(jpeg(stored, data)).decode(), expected) < 3)
    #expect(try meanDifference(EncodedImage(webp(stored, data)).decode(), expected) < 4)
    #expect(
      try EncodedImage(jpeg(stored, data)).decode(reduction: 4).size
        == ImageSize(width: 12, height: 20))
  }

  /// A TIFF of one strip, stored for a quarter turn clockwise, that says its pixels begin at `offset`; they do at 8.
  private func tiff(_ pixels: [UInt8], _ size: ImageSize, saying offset: Int) -> [UInt8] {
    let entries: [(Int, Int, Int)] = [
      (256, 4, size.width), (257, 4, size.height), (258, 3, 8), (259, 3, 1), (262, 3, 2),
      (273, 4, offset),
      (274, 3, 6), (277, 3, 3), (278, 4, size.height), (279, 4, pixels.count),
    ]
    var file: [UInt8] =
      [0x49, 0x49, 42, 0] + little(8 + pixels.count, 4) + pixels + little(entries.count, 2)
    for (tag, type, value) in entries {
      file += little(tag, 2)
      file += little(type, 2)
      file += little(1, 4) + little(value, 4)
    }
    return file + little(0, 4)
  }

  @Test("A TIFF's orientation is applied once, and one whose pixels are not all there is truncated")
  func tiff() throws {
    let size = ImageSize(width: 6, height: 4)
    let pixels = (0..<3 * size.pixelCount).map { UInt8(3 * $0) }
    let image = try EncodedImage(tiff(pixels, size, saying: 8)).decode()
    #expect(image.size == ImageSize(width: 4, height: 6))
    // The stored bottom left comes to the top left.
    let corner = 3 * size.width * (size.height - 1)
    #expect(image.pixel(0) == [pixels[corner + 2], pixels[corner + 1], pixels[corner], 255])
    let cut = try EncodedImage(tiff(pixels, size, saying: 1000))
    #expect(try #require(throws: ImageError.self) { try cut.decode() }.code == .truncated)
  }
}
