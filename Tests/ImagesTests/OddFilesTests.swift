import Foundation
import Images
import TestSupport
import Testing

/// What must come of each file in `testdata/odd`.
private struct Expectations: Decodable {
  struct File: Decodable {
    let expect: String
    let width: Int?
    let height: Int?
    let reason: String?
    let mayAlso: String?
    let samePictureAs: String?
    let samePixelsAs: String?
  }
  let files: [String: File]

  static func load() throws -> Expectations {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    let data = try Data(contentsOf: URL(fileURLWithPath: TestData.path("odd/expectations.json")))
    return try decoder.decode(Expectations.self, from: data)
  }
}

@Suite("Odd files", .enabled(if: TestData.isPresent, "\(TestData.missing)"))
struct OddFilesTests {
  private func decode(_ name: String) throws -> Image {
    try EncodedImage(contentsOf: TestData.path("odd/\(name)")).decode()
  }

  /// The words of `expectations.json` for our codes.
  private func word(_ error: ImageError) -> String {
    [
      .empty: "empty", .notAnImage: "not_an_image", .unsupportedFormat: "unsupported_format",
      .truncated: "truncated", .corrupt: "corrupt", .tooLarge: "too_large",
      .invalidDimensions: "invalid_dimensions",
    ][error.code] ?? error.code.name
  }

  @Test("Every file ends as expected, none by way of what it may also do")
  func expectations() throws {
    let files = try Expectations.load().files
    #expect(files.count > 50)
    for (name, expected) in files.sorted(by: { $0.key < $1.key }) {
      do {
        let image = try decode(name)
        #expect(expected.expect != "error", "\(name) was read")
        #expect(
          image.width == expected.width && image.height == expected.height, "\(name): \(image.size)"
        )
        let size = try EncodedImage(contentsOf: TestData.path("odd/\(name)")).size
        #expect(size == nil || size == image.size, "\(name): header and picture differ")
      } catch let error as ImageError {
        #expect(expected.expect != "ok", "\(name): \(error.code.name), \(error)")
        if let reason = expected.reason { #expect(word(error) == reason, "\(name): \(error)") }
        #expect(!error.message.contains("/"), "\(name) tells a path: \(error)")
      }
    }
  }

  @Test("Pictures that are said to be the same are")
  func same() throws {
    for (name, expected) in try Expectations.load().files {
      if let other = expected.samePixelsAs { #expect(try decode(name) == decode(other), "\(name)") }
      if let other = expected.samePictureAs {
        // Stored turned and compressed again: alike, not equal.
        let difference = try meanDifference(decode(name), decode(other))
        #expect(difference < 4, "\(name): \(difference)")
      }
    }
  }

  @Test("Every format shows the same scene as its JPEG")
  func sameScene() throws {
    let reference = try decode("exif_1.jpg")
    for name in [
      "progressive.jpg", "cmyk.jpg", "jpeg_444.jpg", "lossy.webp", "plain.heic", "plain.avif",
    ] {
      let difference = try meanDifference(decode(name), reference)
      #expect(difference < 6, "\(name): \(difference)")
    }
    let small = try decode("not_interlaced.png")
    for name in ["rgb16.png", "palette.png", "lossless.webp", "animated.webp", "plain.tiff"] {
      let difference = try meanDifference(decode(name), small)
      #expect(difference < 8, "\(name): \(difference)")
    }
  }

  @Test("Transparent pixels become white")
  func white() throws {
    let image = try decode("rgba.png")
    // Alpha runs from 0 at the left to 255 at the right.
    image.withPixels { pixels in
      #expect(pixels[..<4].elementsEqual([255, 255, 255, 255]))
    }
    let opaque = try decode("not_interlaced.png")
    let last = 4 * (image.width - 1)
    #expect(image.pixel(last) == opaque.pixel(last))
  }

  @Test(
    "A picture that claims too much is refused by its header alone",
    arguments: ["bomb_30000.png", "bomb_header.png"])
  func bombs(name: String) throws {
    let error = try #require(throws: ImageError.self) {
      try EncodedImage(contentsOf: TestData.path("odd/\(name)"))
    }
    #expect(error.code == .tooLarge)
  }

  @Test("A limit of fewer pixels holds for each format, also where only decoding tells")
  func limits() throws {
    for name in [
      "gray.jpg", "rgba.png", "lossy.webp", "animated.gif", "plain.tiff", "plain.bmp", "plain.heic",
      "plain.avif",
    ] {
      let error = try #require(throws: ImageError.self) {
        try EncodedImage(
          contentsOf: TestData.path("odd/\(name)"), limits: ImageLimits(maxPixels: 10_000)
        ).decode()
      }
      #expect(error.code == .tooLarge, "\(name): \(error)")
    }
  }

  @Test(
    "The photo of twelve megapixels comes at the scale that is asked for", arguments: [1, 2, 4, 8])
  func reductions(reduction: Int) throws {
    let photo = try EncodedImage(contentsOf: TestData.path("odd/twelve_megapixel.jpg"))
    let image = try photo.decode(reduction: reduction)
    #expect(photo.size == ImageSize(width: 4242, height: 2829))
    #expect(image.width == (4242 + reduction - 1) / reduction)
    #expect(image.height == (2829 + reduction - 1) / reduction)
  }

  @Test("A missing program is named, ffmpeg with its Debian package")
  func missingTools() throws {
    let alone = DecodingTools(helper: nil)
    let withoutFFmpeg = DecodingTools(ffmpeg: "no-such-ffmpeg")
    for (name, tools, program) in [
      ("animated.gif", alone, "stance-decode"), ("plain.tiff", alone, "stance-decode"),
      ("plain.bmp", alone, "stance-decode"), ("plain.heic", alone, "stance-decode"),
      ("plain.avif", alone, "stance-decode"), ("plain.bmp", withoutFFmpeg, "package ffmpeg"),
    ] {
      let encoded = try EncodedImage(contentsOf: TestData.path("odd/\(name)"))
      let error = try #require(throws: ImageError.self) { try encoded.decode(tools: tools) }
      #expect(error.code == .missingTool && error.message.contains(program), "\(name): \(error)")
    }
  }

  @Test("A decoder that takes too long is stopped")
  func timeouts() throws {
    let encoded = try EncodedImage(
      contentsOf: TestData.path("odd/plain.heic"),
      limits: ImageLimits(maxDecodingTime: .nanoseconds(1)))
    let error = try #require(throws: ImageError.self) { try encoded.decode() }
    #expect(error.code == .timedOut)
  }
}
