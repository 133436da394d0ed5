import Foundation
import Images
import TestSupport
import Testing

/// Files as people's phones, scanners, browsers and editors write them, which once were refused or read wrongly.
@Suite("Reported files", .enabled(if: TestData.isPresent, "\(TestData.missing)"))
struct ReportedFilesTests {
  /// What must come of each file in `testdata/reports`.
  private struct Expectations: Decodable {
    struct File: Decodable {
      /// "ok", or "any": it may be refused with a reason too.
      let expect: String
      let width: Int?
      let height: Int?
    }
    let files: [String: File]
  }

  private static func load() throws -> [String: Expectations.File] {
    let path = URL(fileURLWithPath: TestData.path("reports/expectations.json"))
    return try JSONDecoder().decode(Expectations.self, from: Data(contentsOf: path)).files
  }

  @Test("Each is read with its size, and never as a picture without content")
  func expectations() throws {
    let files = try Self.load()
    #expect(files.count > 20)
    for (name, expected) in files.sorted(by: { $0.key < $1.key }) {
      do {
        let photo = try EncodedImage(contentsOf: TestData.path("reports/\(name)"))
        let image = try photo.decode()
        if let width = expected.width, let height = expected.height {
          #expect(image.size == ImageSize(width: width, height: height), "\(name)")
        }
        #expect(photo.size == nil || photo.size == image.size, "\(name)")
        #expect(image.hasContent, "\(name) came out empty")
      } catch let error as ImageError {
        #expect(expected.expect == "any", "\(name): \(error.code.name), \(error)")
        let isKindOfTIFF = name.hasSuffix(".tif")
        #expect(error.code == .unsupportedFormat || !isKindOfTIFF, "\(name): \(error)")
      }
    }
  }

  @Test("A TIFF in tiles and a BigTIFF show what one in strips shows, and JPEG inside nearly")
  func tiffs() throws {
    func decode(_ name: String) throws -> Image {
      try EncodedImage(contentsOf: TestData.path("reports/\(name).tif")).decode()
    }
    let reference = try decode("strips_reference")
    #expect(try decode("tiled_256") == reference)
    #expect(try decode("bigtiff") == reference)
    #expect(try meanDifference(decode("jpeg_in_tiff"), reference) < 4)
  }

  @Test("The first picture of a GIF counts, whatever is wrong behind it")
  func gifs() throws {
    func decode(_ name: String) throws -> Image {
      try EncodedImage(contentsOf: TestData.path("reports/\(name).gif")).decode()
    }
    let reference = try decode("nul_bytes_before_trailer")
    #expect(try meanDifference(decode("second_frame_damaged"), reference) < 4)
    #expect(try meanDifference(decode("frame_larger_than_screen"), reference) < 4)
  }
}

extension Image {
  /// Not one colour from corner to corner.
  fileprivate var hasContent: Bool {
    withPixels { pixels in
      stride(from: 0, to: pixels.count, by: 4).contains { pixels[$0 + 1] != pixels[1] }
    }
  }
}
