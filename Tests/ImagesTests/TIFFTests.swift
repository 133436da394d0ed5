import Images
import TestSupport
import Testing

@Suite("TIFF")
struct TIFFTests {
  private static let width = 40
  private static let height = 24
  private var size: ImageSize { ImageSize(width: Self.width, height: Self.height) }

  /// Colours without symmetry, three bytes a pixel.
  private var rgb: [UInt8] {
    var bytes: [UInt8] = []
    for y in 0..<Self.height {
      for x in 0..<Self.width { bytes += [UInt8(6 * x), UInt8(10 * y), UInt8(3 * (x + y))] }
    }
    return bytes
  }

  private func made(_ file: MadeTIFF) throws -> Image { try EncodedImage(file.bytes).decode() }

  /// Rows `rows`, columns `columns` of `rgb`; black beyond.
  private func part(_ columns: Range<Int>, _ rows: Range<Int>) -> [UInt8] {
    let all = rgb
    var bytes: [UInt8] = []
    for y in rows {
      for x in columns {
        let isInside = x < Self.width && y < Self.height
        bytes += isInside ? all[(3 * (y * Self.width + x))...].prefix(3) : [0, 0, 0]
      }
    }
    return bytes
  }

  @Test("Strips, in both byte orders and both layouts of the directory", arguments: 0..<4)
  func strips(variant: Int) throws {
    let halves = [part(0..<Self.width, 0..<12), part(0..<Self.width, 12..<24)]
    var file = MadeTIFF(Self.width, Self.height, parts: halves)
    file.isLittleEndian = variant & 1 == 0
    file.isBig = variant & 2 != 0
    #expect(try made(file) == Image(size: size, rgb: rgb))
    #expect(try EncodedImage(file.bytes).format == .tiff)
  }

  @Test("Tiles, of which the last stand out", arguments: [false, true])
  func tiles(isBig: Bool) throws {
    let tiles = [
      part(0..<16, 0..<16), part(16..<32, 0..<16), part(32..<48, 0..<16),
      part(0..<16, 16..<32), part(16..<32, 16..<32), part(32..<48, 16..<32),
    ]
    var file = MadeTIFF(Self.width, Self.height, parts: tiles)
    file.isTiled = true
    file.isBig = isBig
    file.entries[322] = (4, [16])
    file.entries[323] = (4, [16])
    #expect(try made(file) == Image(size: size, rgb: rgb))
  }

  @Test("Every compression without loss", arguments: [5, 8, 32946, 32773, 34925, 50000])
  func compressions(number: Int) throws {
    let packed =
      switch number {
      case 5: Unpacked.lzw(rgb)
      case 32773: Unpacked.packBits(rgb)
      case 34925: Unpacked.lzma(rgb)
      case 50000: Unpacked.zstandard(rgb)
      default: Unpacked.deflate(rgb)
      }
    let file = MadeTIFF(Self.width, Self.height, compression: number, parts: [packed])
    #expect(try made(file) == Image(size: size, rgb: rgb))
  }

  @Test("JPEG inside, in a strip and in tiles")
  func jpeg() throws {
    let picture = Image.gradient(width: 32, height: 32)
    let jpeg = try ImageEncoder.encode(picture, as: .jpeg, quality: 95)
    let expected = try EncodedImage(jpeg).decode()
    var file = MadeTIFF(32, 32, photometric: 6, compression: 7, parts: [jpeg])
    // The encoder's 4:2:0.
    file.entries[530] = (3, [2, 2])
    #expect(try meanDifference(made(file), expected) < 2)
    file.isTiled = true
    file.entries[322] = (4, [32])
    file.entries[323] = (4, [32])
    #expect(try meanDifference(made(file), expected) < 2)
  }

  @Test("Grey of 1, 8 and 16 bits, palettes, CMYK and planes apart")
  func kinds() throws {
    func one(_ file: MadeTIFF) throws -> [UInt8] { try Array(made(file).pixel(0)[..<3]) }
    #expect(try one(MadeTIFF(1, 1, samples: 1, parts: [[77]])) == [77, 77, 77])
    // White is zero.
    #expect(
      try one(MadeTIFF(1, 1, samples: 1, photometric: 0, parts: [[77]])) == [178, 178, 178])
    #expect(try one(MadeTIFF(1, 1, samples: 1, bits: 1, parts: [[0x80]])) == [255, 255, 255])
    #expect(
      try one(MadeTIFF(1, 1, samples: 1, bits: 16, parts: [little(0x8080, 2)])) == [128, 128, 128])
    let deep = [0xffff, 0x8080, 0].flatMap { little($0, 2) }
    #expect(try one(MadeTIFF(1, 1, bits: 16, parts: [deep])) == [0, 128, 255])
    let cmyk: [UInt8] = [255, 0, 0, 0]
    #expect(try one(MadeTIFF(1, 1, samples: 4, photometric: 5, parts: [cmyk])) == [255, 255, 0])

    var palette = MadeTIFF(1, 1, samples: 1, photometric: 3, parts: [[1]])
    var colours = [Int](repeating: 0, count: 768)
    for (channel, value) in [0x1111, 0x2222, 0xffff].enumerated() {
      colours[256 * channel + 1] = value
    }
    palette.entries[320] = (3, colours)
    #expect(try one(palette) == [0xff, 0x22, 0x11])

    var planes = MadeTIFF(1, 1, parts: [[10], [20], [30]])
    planes.entries[278] = (4, [1])
    planes.entries[284] = (3, [2])
    #expect(try one(planes) == [30, 20, 10])
  }

  @Test("Transparent pixels become white, whether colours are multiplied by alpha or not")
  func alpha() throws {
    for (kind, colour) in [(1, UInt8(50)), (2, UInt8(100))] {
      var file = MadeTIFF(2, 1, samples: 4, parts: [[colour, colour, colour, 128, 0, 0, 0, 0]])
      file.entries[338] = (3, [kind])
      let image = try made(file)
      #expect(image.pixel(4) == [255, 255, 255, 255])
      #expect((176...178).contains(image.pixel(0)[0]), "\(image.pixel(0))")
    }
  }

  @Test("What can't be turned into colours is an unsupported format, not an empty picture")
  func unsupported() throws {
    var float = MadeTIFF(1, 1, samples: 1, bits: 32, parts: [[0, 0, 0x80, 0x3f]])
    float.entries[339] = (3, [3])
    let unknownCompression = MadeTIFF(1, 1, compression: 60_000, parts: [[1, 2, 3]])
    let twelveBits = MadeTIFF(2, 1, samples: 1, bits: 12, parts: [[1, 2, 3]])
    for file in [float, unknownCompression, twelveBits] {
      let error = try #require(throws: ImageError.self) { try made(file) }
      #expect(error.code == .unsupportedFormat, "\(error)")
    }
  }

  @Test("Damaged and missing data is an error")
  func damaged() throws {
    var packed = Unpacked.deflate(rgb)
    packed[40] ^= 0xff
    packed.removeLast(200)
    let short = MadeTIFF(Self.width, Self.height, parts: [Array(rgb.dropLast(300))])
    let jpeg = try ImageEncoder.encode(.gradient(width: 256, height: 256), as: .jpeg)
    for file in [
      MadeTIFF(Self.width, Self.height, compression: 8, parts: [packed]), short,
      MadeTIFF(256, 256, photometric: 6, compression: 7, parts: [Array(jpeg.dropLast(400))]),
    ] {
      let error = try #require(throws: ImageError.self) { try made(file) }
      #expect([.corrupt, .truncated].contains(error.code), "\(error)")
    }
  }

  @Test("The orientation is applied once, each of the eight", arguments: 1...8)
  func orientation(value: Int) throws {
    var file = MadeTIFF(Self.width, Self.height, parts: [rgb])
    let stored = try made(file)
    file.entries[274] = (3, [value])
    let image = try made(file)
    let last = (stored.width - 1, stored.height - 1)
    // The stored pixel that comes to the top left.
    let (x, y) = [
      (0, 0), (last.0, 0), last, (0, last.1), (0, 0), (0, last.1), last, (last.0, 0),
    ][value - 1]
    #expect(image.size.width == (value < 5 ? stored.width : stored.height))
    #expect(image.pixel(0) == stored.pixel(4 * (y * stored.width + x)))
  }
}
