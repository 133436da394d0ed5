import Files
import Images
import TestSupport
import Testing

/// Files smaller and larger than what pipes and buffers hold, for every decoder that is given its bytes by one.
@Suite("Files of many sizes")
struct PipeTests {
  static let sizes = [60_000, 70_000, 1_000_000, 15_000_000]

  /// Bytes without a pattern.
  private func noise(_ count: Int) -> [UInt8] {
    var state: UInt32 = 1
    return (0..<count).map { _ in
      state = state &* 1_664_525 &+ 1_013_904_223
      return UInt8(truncatingIfNeeded: state >> 24)
    }
  }

  @Test("GIF", arguments: sizes)
  func gif(byteCount: Int) throws {
    let pixels = noise(500 * (byteCount * 8 / 9 / 500))
    let height = pixels.count / 500
    let frame = MadeGIF.Frame(width: 500, height: height, pixels: pixels)
    let file = MadeGIF(screen: (500, height), frames: [frame]).bytes
    #expect(file.count > byteCount - 2_000)
    let image = try EncodedImage(file).decode()
    let isSame = image.withPixels { decoded in
      pixels.indices.allSatisfy { decoded[4 * $0] == pixels[$0] }
    }
    #expect(isSame)
  }

  @Test("TIFF", arguments: sizes)
  func tiff(byteCount: Int) throws {
    let height = byteCount / 1_500
    let rgb = noise(1_500 * height)
    let file = MadeTIFF(500, height, parts: [rgb]).bytes
    let expected = Image(size: ImageSize(width: 500, height: height), rgb: rgb)
    #expect(try EncodedImage(file).decode() == expected)
  }

  @Test("BMP", arguments: sizes)
  func bmp(byteCount: Int) throws {
    // Rows of 1500 bytes need no padding; they run bottom up.
    let height = byteCount / 1_500
    let pixels = noise(1_500 * height)
    let file =
      Array("BM".utf8) + little(54 + pixels.count, 4) + little(0, 4) + little(54, 4)
      + little(40, 4) + little(500, 4) + little(height, 4) + little(1, 2) + little(24, 2)
      + [UInt8](repeating: 0, count: 24) + pixels
    let image = try EncodedImage(file).decode()
    let isSame = image.withPixels { decoded in
      (0..<height).allSatisfy { y in
        (0..<500).allSatisfy { x in
          let stored = 3 * (500 * (height - 1 - y) + x)
          return decoded[4 * (500 * y + x)..<4 * (500 * y + x) + 3].elementsEqual(
            pixels[stored..<stored + 3])
        }
      }
    }
    #expect(isSame)
  }

  @Test(
    "HEIC and AVIF", .enabled(if: TestData.isPresent, "\(TestData.missing)"),
    arguments: ["plain.heic", "plain.avif"], sizes)
  func heif(name: String, byteCount: Int) throws {
    let plain = try Files.read(TestData.path("odd/\(name)"), limit: 1 << 20)
    // A box that says it is free to be passed over.
    let rest = byteCount - plain.count
    let padding = big(rest, 4) + Array("free".utf8) + noise(rest - 8)
    let expected = try EncodedImage(plain).decode()
    #expect(try EncodedImage(plain + padding).decode() == expected)
  }
}
