import Files
import Images
import TestSupport
import Testing

/// Files smaller and larger than what pipes and buffers hold, for every decoder that is given its bytes by one.
@Suite("Files of many sizes")
struct PipeTests {
  static let sizes = [60_000, 70_000, 1_000_000, 15_000_000]

  /// Bytes without a pattern.
  private static let noise: [UInt8] = {
    var state: UInt32 = 1
    return (0..<4_800).map { _ in
      state = state &* 1_664_525 &+ 1_013_904_223
      return UInt8(truncatingIfNeeded: state >> 24)
    }
  }()

  private func repeated(_ bytes: [UInt8], _ count: Int) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count * count)
    for _ in 0..<count { result += bytes }
    return result
  }

  @Test("GIF", arguments: sizes)
  func gif(byteCount: Int) throws {
    // A row is 1600 pixels, the same each time: 1809 bytes.
    let row = Array(Self.noise[..<1_600])
    let height = byteCount / 1_809 + 1
    let frame = MadeGIF.Frame(width: 1_600, height: height, pixels: row, repeats: height)
    let file = MadeGIF(screen: (1_600, height), frames: [frame]).bytes
    #expect(file.count > byteCount)
    let image = try EncodedImage(file).decode()
    let rgb = repeated(row.flatMap { [$0, $0, $0] }, height)
    #expect(image == Image(size: ImageSize(width: 1_600, height: height), rgb: rgb))
  }

  @Test("TIFF", arguments: sizes)
  func tiff(byteCount: Int) throws {
    let height = byteCount / Self.noise.count + 1
    let rgb = repeated(Self.noise, height)
    let file = MadeTIFF(1_600, height, parts: [rgb]).bytes
    let expected = Image(size: ImageSize(width: 1_600, height: height), rgb: rgb)
    #expect(try EncodedImage(file).decode() == expected)
  }

  @Test("BMP", arguments: sizes)
  func bmp(byteCount: Int) throws {
    // Rows of 4800 bytes need no padding; they are all the same, so that it does not matter that they run bottom up.
    let height = byteCount / Self.noise.count + 1
    let pixels = repeated(Self.noise, height)
    var file = Array("BM".utf8)
    for number in [54 + pixels.count, 0, 54, 40, 1_600, height] { file += little(number, 4) }
    file += [1, 0, 24, 0] + [UInt8](repeating: 0, count: 24)
    file += pixels
    // A pixel is blue, green, red.
    var row = Self.noise
    for offset in stride(from: 0, to: row.count, by: 3) { row.swapAt(offset, offset + 2) }
    let expected = Image(
      size: ImageSize(width: 1_600, height: height), rgb: repeated(row, height))
    #expect(try EncodedImage(file).decode() == expected)
  }

  @Test(
    "HEIC and AVIF", .enabled(if: TestData.isPresent, "\(TestData.missing)"),
    arguments: ["plain.heic", "plain.avif"], sizes)
  func heif(name: String, byteCount: Int) throws {
    let plain = try Files.read(TestData.path("odd/\(name)"), limit: 1 << 20)
    // A box that says it is free to be passed over.
    let rest = byteCount - plain.count
    let padding = big(rest, 4) + Array("free".utf8) + [UInt8](repeating: 7, count: rest - 8)
    let expected = try EncodedImage(plain).decode()
    #expect(try EncodedImage(plain + padding).decode() == expected)
  }
}
