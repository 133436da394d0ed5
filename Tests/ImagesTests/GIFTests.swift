import Images
import Testing

@Suite("GIF")
struct GIFTests {
  private func decode(_ file: MadeGIF) throws -> Image { try EncodedImage(file.bytes).decode() }

  /// The grey at a place.
  private func grey(_ image: Image, _ x: Int, _ y: Int) -> UInt8 {
    image.pixel(4 * (y * image.width + x))[0]
  }

  private func ramp(_ count: Int) -> [UInt8] { (0..<count).map { UInt8(truncatingIfNeeded: $0) } }

  @Test("A picture on a larger screen stands in its place, white around it")
  func place() throws {
    let frame = MadeGIF.Frame(left: 2, top: 1, width: 3, height: 2, pixels: [1, 2, 3, 4, 5, 6])
    let image = try decode(MadeGIF(screen: (8, 4), frames: [frame]))
    #expect(image.size == ImageSize(width: 8, height: 4))
    #expect(grey(image, 2, 1) == 1 && grey(image, 4, 2) == 6)
    #expect(grey(image, 0, 0) == 255 && grey(image, 5, 1) == 255)
  }

  @Test("The colour that shows nothing is white")
  func transparent() throws {
    let frame = MadeGIF.Frame(width: 2, height: 1, transparent: 9, pixels: [9, 8])
    let image = try decode(MadeGIF(screen: (2, 1), frames: [frame]))
    #expect(grey(image, 0, 0) == 255 && grey(image, 1, 0) == 8)
  }

  @Test("Interlaced rows come to their places")
  func interlaced() throws {
    // Ten rows in the order 0 8, 4, 2 6, 1 3 5 7 9.
    let order: [UInt8] = [0, 8, 4, 2, 6, 1, 3, 5, 7, 9]
    let frame = MadeGIF.Frame(width: 1, height: 10, isInterlaced: true, pixels: order)
    let image = try decode(MadeGIF(screen: (1, 10), frames: [frame]))
    #expect((0..<10).allSatisfy { grey(image, 0, $0) == UInt8($0) })
  }

  @Test("A screen smaller than its first picture grows")
  func smallScreen() throws {
    let frame = MadeGIF.Frame(left: 1, width: 30, height: 20, pixels: ramp(600))
    for screen in [(24, 16), (0, 0)] {
      let file = MadeGIF(screen: screen, frames: [frame])
      let image = try decode(file)
      #expect(image.size == ImageSize(width: 31, height: 20))
      #expect(try EncodedImage(file.bytes).size == image.size)
      #expect(grey(image, 30, 19) == UInt8(599 & 255))
    }
  }

  @Test("What follows the first picture does not count: zeros, damage, nothing at all")
  func behind() throws {
    let frame = MadeGIF.Frame(width: 20, height: 10, pixels: ramp(200))
    let plain = MadeGIF(screen: (20, 10), frames: [frame])
    let expected = try decode(plain)
    var zeros = plain
    zeros.beforeTrailer = [0, 0, 0]
    #expect(try decode(zeros) == expected)
    let two = MadeGIF(screen: (20, 10), frames: [frame, frame]).bytes
    var damaged = two
    for index in two.count - 60..<two.count { damaged[index] = 0xff }
    #expect(try EncodedImage(damaged).decode() == expected)
    #expect(try EncodedImage(Array(plain.bytes.dropLast())).decode() == expected)
  }

  @Test("A first picture that ends before its last pixel is an error")
  func short() throws {
    let frame = MadeGIF.Frame(width: 20, height: 10, pixels: ramp(150))
    let error = try #require(throws: ImageError.self) {
      try decode(MadeGIF(screen: (20, 10), frames: [frame]))
    }
    #expect([.truncated, .corrupt].contains(error.code), "\(error)")
  }

  @Test("A picture without pixels, and none at all")
  func none() throws {
    let empty = MadeGIF.Frame(width: 0, height: 5, pixels: [])
    for frames in [[empty], []] {
      #expect(throws: ImageError.self) { try decode(MadeGIF(screen: (9, 9), frames: frames)) }
    }
  }
}
