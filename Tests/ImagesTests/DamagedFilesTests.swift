import Files
import Images
import TestSupport
import Testing

/// The same numbers on every run.
private struct Seeded: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return (state ^ state >> 33) &* 0xff51_afd7_ed55_8ccd
  }
}

@Suite("Damaged files")
struct DamagedFilesTests {
  private static let inProcess = [
    "exif_6.jpg", "progressive.jpg", "cmyk.jpg", "palette_transparent.png", "interlaced.png",
    "lossy.webp",
    "lossless.webp", "animated.webp",
  ]
  /// Each decoding is a process: fewer copies.
  private static let inChild = [
    "animated.gif", "plain.tiff", "plain.bmp", "plain.heic", "plain.avif",
  ]

  @Test(
    "A cut file is an error, never a half picture",
    .enabled(if: TestData.isPresent, "\(TestData.missing)"))
  func cut() throws {
    for name in Self.inProcess + Self.inChild {
      let whole = try Files.read(TestData.path("odd/\(name)"), limit: 1 << 20)
      let expected = try EncodedImage(whole).decode()
      let copies = Self.inProcess.contains(name) ? 60 : 6
      for copy in 1..<copies {
        let length = whole.count * copy / copies
        do {
          let image = try EncodedImage(Array(whole[..<length])).decode()
          // Where only the first frame is read, what follows it may be gone.
          #expect(image == expected, "\(name) cut to \(length) bytes gave another picture")
          #expect(name.hasPrefix("animated"), "\(name) cut to \(length) bytes was read")
        } catch let error as ImageError {
          #expect(
            error.code == .truncated || name.hasPrefix("animated"),
            "\(name), \(length): \(error.code.name) \(error)")
        }
      }
    }
  }

  @Test(
    "Flipped bytes never crash, whatever they do",
    .enabled(if: TestData.isPresent, "\(TestData.missing)"))
  func flipped() throws {
    var random = Seeded(state: 4)
    var read = 0
    var refused = 0
    for name in Self.inProcess + Self.inChild {
      let whole = try Files.read(TestData.path("odd/\(name)"), limit: 1 << 20)
      for copy in 0..<(Self.inProcess.contains(name) ? 60 : 6) {
        var bytes = whole
        // Half of the copies are hit in the header.
        let reach = copy % 2 == 0 ? min(400, bytes.count) : bytes.count
        for _ in 0...copy % 4 {
          bytes[Int.random(in: 0..<reach, using: &random)] ^= UInt8.random(
            in: 1...255, using: &random)
        }
        do {
          let image = try EncodedImage(bytes, limits: ImageLimits(maxPixels: 4_000_000)).decode()
          #expect(image.size.pixelCount <= 4_000_000)
          read += 1
        } catch is ImageError {
          refused += 1
        }
      }
    }
    #expect(read > 0 && refused > 0)
  }

  @Test("Our own encodings cut anywhere are errors")
  func ownCut() throws {
    for format in ImageEncoder.formats {
      let whole = try ImageEncoder.encode(.gradient(width: 64, height: 48), as: format)
      // A JPEG may lack its end marker.
      for length in stride(from: 0, to: whole.count - 2, by: 7) {
        #expect(throws: ImageError.self) { try EncodedImage(Array(whole[..<length])).decode() }
      }
    }
  }

  @Test("Padding before a JPEG's end marker is harmless, missing data before it is not")
  func padded() throws {
    let picture = Image.gradient(width: 64, height: 48)
    let jpeg = try ImageEncoder.encode(picture, as: .jpeg)
    let expected = try EncodedImage(jpeg).decode()
    let (scan, end) = (jpeg.dropLast(2), jpeg.suffix(2))
    for padding: [UInt8] in [[0], [UInt8](repeating: 0, count: 90), [0, 0, 0, 0, 0xff, 0xff]] {
      #expect(try EncodedImage(scan + padding + end + [9, 9, 9]).decode() == expected)
    }
    let shortened = Array(jpeg.dropLast(80)) + Array(jpeg.suffix(2))
    #expect(throws: ImageError.self) { try EncodedImage(shortened).decode() }
  }

  @Test("Padding between a JPEG's segments is harmless")
  func gaps() throws {
    let jpeg = try ImageEncoder.encode(.gradient(width: 64, height: 48), as: .jpeg)
    let expected = try EncodedImage(jpeg).decode()
    var sloppy: [UInt8] = Array(jpeg.prefix(2))
    var rest = jpeg.dropFirst(2)
    while let marker = rest.dropFirst().first {
      let length = 2 + rest.dropFirst(2).prefix(2).reduce(0) { $0 << 8 | Int($1) }
      sloppy += rest.prefix(length)
      rest = rest.dropFirst(length)
      if marker == 0xda { break }
      sloppy += [0, 0, 0xff, 0xff]
    }
    #expect(try EncodedImage(sloppy + rest).decode() == expected)
  }

  @Test("What a damaged scan leaves over before the end marker is seldom taken for a trailer")
  func leftOver() throws {
    var random = Seeded(state: 9)
    var read = 0
    var refused = 0
    for _ in 0..<60 {
      let pixels = (0..<4 * 96 * 80).map { _ in UInt8.random(in: 60...150, using: &random) }
      let noise = Image(size: ImageSize(width: 96, height: 80), bgrx: pixels)
      let jpeg = try ImageEncoder.encode(noise, as: .jpeg)
      // A run of the scan's own bytes once more: there is no other sign than the length.
      let place = jpeg.count / 2
      let damaged = Array(jpeg[..<(place + 90)] + jpeg[place...])
      do {
        if try EncodedImage(damaged).decode() != EncodedImage(jpeg).decode() { read += 1 }
      } catch let error as ImageError {
        #expect(error.code == .corrupt)
        refused += 1
      }
    }
    // One in four ends by chance as a whole scan ends.
    #expect(refused > 2 * read, "\(refused) refused, \(read) read")
  }

  @Test("A JPEG whose orientation can't be told from its damaged header is an error")
  func damagedMarker() throws {
    // An EXIF segment: orientation 6, little endian.
    let exif: [UInt8] =
      [0xff, 0xe1, 0, 34] + Array("Exif".utf8) + [0, 0, 0x49, 0x49, 42, 0, 8, 0, 0, 0, 1, 0]
      + [0x12, 1, 3, 0, 1, 0, 0, 0, 6, 0, 0, 0, 0, 0, 0, 0]
    let jpeg = try ImageEncoder.encode(.gradient(width: 64, height: 48), as: .jpeg)
    // Behind the JFIF segment.
    let head = 4 + Int(jpeg[4]) << 8 + Int(jpeg[5])
    var turned = Array(jpeg[..<head]) + exif + jpeg[head...]
    #expect(try EncodedImage(turned).decode().size == ImageSize(width: 48, height: 64))
    turned[head] = 0x7f
    let error = try #require(throws: ImageError.self) { try EncodedImage(turned).decode() }
    #expect(error.code == .corrupt)
  }

  @Test(
    "A JPEG whose scan was overwritten in the middle is an error",
    .enabled(if: TestData.isPresent, "\(TestData.missing)"))
  func overwritten() throws {
    let photo = try EncodedImage(contentsOf: TestData.path("odd/corrupt_scan.jpg"))
    let error = try #require(throws: ImageError.self) { try photo.decode() }
    #expect(error.code == .corrupt)
  }
}
