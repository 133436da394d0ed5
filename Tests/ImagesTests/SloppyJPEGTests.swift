import Images
import Testing

/// JPEGs that every browser shows though they are not as the standard wants them, and those that only look alike.
@Suite("Sloppy JPEGs")
struct SloppyJPEGTests {
  private let jpeg: [UInt8]
  private let expected: Image

  init() throws {
    jpeg = try ImageEncoder.encode(.gradient(width: 64, height: 48), as: .jpeg)
    expected = try EncodedImage(jpeg).decode()
  }

  /// Where the segment of this marker begins.
  private func start(of marker: UInt8) throws -> Int {
    let before = segments(jpeg).prefix { $0[1] != marker }
    try #require(before.count < segments(jpeg).count)
    return 2 + before.reduce(0) { $0 + $1.count }
  }

  private func decode(_ bytes: [UInt8]) throws -> Image { try EncodedImage(bytes).decode() }

  private func code(_ bytes: [UInt8]) throws -> ImageError.Code {
    try #require(throws: ImageError.self) { try decode(bytes) }.code
  }

  @Test("A scan header without its range of coefficients, as some phones write it, is read")
  func rangeOfScan() throws {
    let scan = try start(of: 0xda)
    var changed = jpeg
    // Marker, length, 1 + 2 · 3 bytes of components, first coefficient, last one.
    #expect(changed[scan + 12] == 63)
    changed[scan + 12] = 0
    #expect(try decode(changed) == expected)
  }

  @Test("A second version of JFIF is read")
  func version() throws {
    var changed = jpeg
    let place = try start(of: 0xe0) + 9
    #expect(changed[place] == 1)
    changed[place] = 2
    #expect(try decode(changed) == expected)
  }

  @Test("A transform that Adobe has not defined is taken for the usual one", arguments: [3, 255])
  func transform(number: Int) throws {
    let adobe = segment(0xee, Array("Adobe".utf8) + [0, 100, 0, 0, 0, 0, UInt8(number)])
    let withoutJFIF = Array(jpeg[..<2]) + adobe + jpeg[(2 + segments(jpeg)[0].count)...]
    #expect(try decode(withoutJFIF) == expected)
  }

  @Test("Restart markers after the last row are passed over, whatever is between them")
  func restarts() throws {
    let tail: [UInt8] =
      [0xff, 0xd0, 0xff, 0xd1] + Array(repeating: 0x28, count: 90) + [0xff, 0xd2]
    #expect(try decode(Array(jpeg.dropLast(2)) + tail + [0xff, 0xd9]) == expected)
  }

  @Test(
    "Bytes between the last row and the end marker are passed over", arguments: [1, 9, 40, 700])
  func trailer(count: Int) throws {
    let trailer = (0..<count).map { UInt8(32 + $0 % 90) }
    let longer = Array(jpeg.dropLast(2)) + trailer + [0xff, 0xd9]
    for reduction in [1, 8] {
      #expect(
        try EncodedImage(longer).decode(reduction: reduction)
          == EncodedImage(jpeg).decode(reduction: reduction))
    }
  }

  @Test("Of more rows than the header tells the told ones are read", arguments: [16, 32])
  func moreRows(height: Int) throws {
    var changed = jpeg
    let place = try start(of: 0xc0) + 5
    #expect(Array(changed[place...place + 1]) == [0, 48])
    changed[place + 1] = UInt8(height)
    let image = try decode(changed)
    #expect(image.size == ImageSize(width: 64, height: height))
    // The colour of the last row is smoothed with that of the row below.
    let same = 4 * 64 * (height - 1)
    image.withPixels { rows in
      expected.withPixels { #expect(rows[..<same].elementsEqual($0[..<same])) }
    }
  }

  @Test("A JPEG that lacks nothing but its end marker is whole, one that lacks more is truncated")
  func noEnd() throws {
    #expect(try decode(Array(jpeg.dropLast(2))) == expected)
    #expect(try decode(Array(jpeg.dropLast(1))) == expected)
    for missing in 3...40 { #expect(try code(Array(jpeg.dropLast(missing))) == .truncated) }
    let progressive = try HandmadeJPEG().encoded(scans: 1)
    // The other coefficients of both colours never come.
    #expect(try decode(progressive).width == 40)
    #expect(try code(Array(progressive.dropLast(2))) == .truncated)
  }

  @Test(
    "Colour sampled in every way that libjpeg reads is read",
    arguments: [
      [(4, 2), (1, 1), (1, 1)], [(2, 4), (1, 1), (1, 1)], [(3, 1), (1, 1), (1, 1)],
      [(2, 2), (2, 1), (1, 2)], [(1, 1), (2, 2), (2, 2)], [(1, 1), (2, 1), (1, 1)],
    ])
  func sampling(factors: [(Int, Int)]) throws {
    let jpeg = try HandmadeJPEG(sampling: factors).encoded()
    for reduction in [1, 2, 4, 8] {
      let image = try EncodedImage(jpeg).decode(reduction: reduction)
      #expect(image.width == 40 / reduction && image.height == 40 / reduction)
      image.withPixels { pixels in
        let isRight = pixels.indices.allSatisfy {
          $0 % 4 == 3
            ? pixels[$0] == 255 : abs(Int(pixels[$0]) - HandmadeJPEG.colour[$0 % 4]) <= 2
        }
        #expect(isRight, "\(factors): \(Array(pixels.prefix(4)))")
      }
    }
  }

  @Test("A restart marker out of turn amid the picture has lost pixels")
  func resynchronisation() throws {
    let restarting = HandmadeJPEG(restartInterval: 2)
    #expect(try decode(restarting.encoded()) == decode(HandmadeJPEG().encoded()))
    let damaged = try HandmadeJPEG(restartInterval: 2, restart: { $0 == 1 ? 4 : $0 }).encoded()
    #expect(try code(damaged) == .corrupt)
  }

  @Test("Scans without end are refused, a hundred are not")
  func scans() throws {
    let hundred = try HandmadeJPEG().encoded(scans: 100)
    #expect(try decode(hundred).width == 40)
    // Not read again and again for the sake of a trailer.
    let trailer = Array("something that is no padding".utf8)
    #expect(try code(Array(hundred.dropLast(2)) + trailer + [0xff, 0xd9]) == .corrupt)
    let few = try HandmadeJPEG().encoded(scans: 9)
    #expect(try decode(Array(few.dropLast(2)) + trailer + [0xff, 0xd9]) == decode(few))
    let error = try #require(throws: ImageError.self) {
      try decode(HandmadeJPEG().encoded(scans: 600))
    }
    #expect(error.code == .corrupt && error.message.contains("scans"))
  }
}
