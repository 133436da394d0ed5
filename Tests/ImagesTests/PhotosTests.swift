import Foundation
import Images
import TestSupport
import Testing

@Suite("Photos", .enabled(if: TestData.isPresent, "\(TestData.missing)"))
struct PhotosTests {
  private struct Golden: Decodable {
    let width: Int
    let height: Int
    let rgb_crc32: String
  }

  @Test("Every photo decodes to the bytes that OpenCV and Pillow get")
  func sameBytes() throws {
    let names = try FileManager.default.contentsOfDirectory(atPath: TestData.path("photos"))
      .filter { $0 != "manifest.json" }.sorted()
    #expect(names.count == 56)
    for name in names {
      let golden = try JSONDecoder().decode(
        Golden.self,
        from: Data(contentsOf: URL(fileURLWithPath: TestData.path("golden/photos/\(name).json"))))
      let image = try EncodedImage(contentsOf: TestData.path("photos/\(name)")).decode()
      #expect(image.size == ImageSize(width: golden.width, height: golden.height))
      #expect(String(format: "%08x", crc32OfRGB(image)) == golden.rgb_crc32, "\(name)")
    }
  }

  @Test("The same photo decoded on many threads at once gives the same picture")
  func concurrent() async throws {
    let files = [
      "odd/exif_6.jpg", "odd/rgba.png", "odd/lossy.webp", "odd/plain.heic", "odd/animated.gif",
    ]
    let expected = try files.map { try EncodedImage(contentsOf: TestData.path($0)).decode() }
    try await withThrowingTaskGroup(of: Bool.self) { group in
      for round in 0..<30 {
        group.addTask {
          let index = round % files.count
          return try EncodedImage(contentsOf: TestData.path(files[index])).decode()
            == expected[index]
        }
      }
      for try await same in group { #expect(same) }
    }
  }
}
