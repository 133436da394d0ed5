import Files
import Images
import TestSupport
import Testing

@Suite("HEIC and AVIF", .enabled(if: TestData.isPresent, "\(TestData.missing)"))
struct HEIFTransformTests {
  private func read(_ name: String) throws -> [UInt8] {
    try Files.read(TestData.path("odd/\(name)"), limit: 1 << 20)
  }

  /// `file` with more properties of its one picture: a box each, of one byte.
  private func adding(_ properties: [(String, UInt8)], to file: [UInt8]) throws -> [UInt8] {
    let added = properties.flatMap { name, value in big(9, 4) + Array(name.utf8) + [value] }
    let growth = added.count + properties.count
    var bytes = file
    func start(of name: String) throws -> Int {
      let mark = Array(name.utf8)
      return try #require(
        (0..<bytes.count - 4).first { bytes[$0..<$0 + 4].elementsEqual(mark) }) - 4
    }
    func number(_ offset: Int) -> Int { bytes[offset..<offset + 4].reduce(0) { $0 << 8 | Int($1) } }
    func grow(_ box: String, by count: Int) throws {
      let offset = try start(of: box)
      bytes.replaceSubrange(offset..<offset + 4, with: big(number(offset) + count, 4))
    }
    // Where the data begins stands in the box of locations, and moves.
    let (data, locations) = (try start(of: "mdat") + 8, try start(of: "iloc"))
    let place = try #require((locations..<locations + 40).first { number($0) == data })
    bytes.replaceSubrange(place..<place + 4, with: big(data + growth, 4))

    let associations = try start(of: "ipma")
    let end = associations + number(associations)
    // Version and flags, the number of pictures, the picture's number, then how many properties it has.
    let known = Int(bytes[associations + 18])
    bytes[associations + 18] += UInt8(properties.count)
    let list = try start(of: "ipco")
    // The properties so far, so as to number the new ones.
    var count = 0
    var offset = list + 8
    while offset < list + number(list) {
      count += 1
      offset += number(offset)
    }
    #expect(known > 0 && associations == list + number(list))
    bytes.insert(contentsOf: (1...properties.count).map { 0x80 | UInt8(count + $0) }, at: end)
    try grow("ipma", by: properties.count)
    bytes.insert(contentsOf: added, at: associations)
    try grow("ipco", by: added.count)
    for box in ["iprp", "meta"] { try grow(box, by: growth) }
    return bytes
  }

  /// `image` with its pixels taken from elsewhere.
  private func rearranged(
    _ image: Image, _ size: ImageSize, _ source: (Int, Int) -> (Int, Int)
  ) -> Image {
    var bgrx: [UInt8] = []
    bgrx.reserveCapacity(4 * size.pixelCount)
    image.withPixels { pixels in
      for y in 0..<size.height {
        for x in 0..<size.width {
          let (column, row) = source(x, y)
          bgrx += pixels[(4 * (row * image.width + column))...].prefix(4)
        }
      }
    }
    return Image(size: size, bgrx: bgrx)
  }

  /// Quarter turns counterclockwise, then the mirroring: ISO/IEC 23008-12, 6.5.10 and 6.5.12.
  private func expected(_ image: Image, turns: Int, mirror: Int?) -> Image {
    var result = image
    for _ in 0..<turns {
      let stored = result
      result = rearranged(stored, ImageSize(width: stored.height, height: stored.width)) {
        (stored.width - 1 - $1, $0)
      }
    }
    let turned = result
    switch mirror {
    case 0: return rearranged(turned, turned.size) { ($0, turned.height - 1 - $1) }
    case 1: return rearranged(turned, turned.size) { (turned.width - 1 - $0, $1) }
    default: return turned
    }
  }

  @Test(
    "Rotation and mirroring are applied once, in the standard's order",
    arguments: ["plain.heic", "plain.avif"])
  func transforms(name: String) throws {
    let file = try read(name)
    let plain = try EncodedImage(file).decode()
    for turns in 0..<4 {
      for mirror in [nil, 0, 1] {
        var properties: [(String, UInt8)] = [("irot", UInt8(turns))]
        if let mirror { properties.append(("imir", UInt8(mirror))) }
        let image = try EncodedImage(adding(properties, to: file)).decode()
        let wanted = expected(plain, turns: turns, mirror: mirror)
        #expect(image.size == wanted.size)
        // A turned picture's colours may be interpolated from other neighbours.
        #expect(meanDifference(image, wanted) < 1, "\(turns) turns, mirror \(mirror ?? -1)")
      }
    }
  }

  @Test(
    "Boxes that the standard allows before the description are passed over, a file without one is cut",
    arguments: ["free", "skip", "uuid", "mdat", "abcd"])
  func boxesBefore(name: String) throws {
    let start = big(20, 4) + Array("ftypheic".utf8) + big(0, 4) + Array("mif1".utf8)
    let before = big(24, 4) + Array(name.utf8) + [UInt8](repeating: 7, count: 16)
    let description = big(12, 4) + Array("meta".utf8) + big(0, 4)
    #expect(try EncodedImage(start + before + description).format == .heic)
    let cut = try #require(throws: ImageError.self) { try EncodedImage(start + before) }
    #expect(cut.code == .truncated)
  }
}
