import Images
import Testing

/// Where programs write which way is up, other than once and in EXIF's own place.
@Suite("Places of the orientation")
struct OrientationPlacesTests {
  private let stored = Image.gradient(width: 32, height: 16)

  /// EXIF data with one entry, which says it has `count`.
  private func exif(_ orientation: Int, count: Int = 1) -> [UInt8] {
    let entry = big(0x112, 2) + big(3, 2) + big(1, 4) + big(orientation, 2) + [0, 0]
    return Array("MM".utf8) + big(42, 2) + big(8, 4) + big(count, 2) + entry
  }

  private let prefix = Array("Exif\0\0".utf8)

  private func xmp(_ property: String) -> [UInt8] {
    let description =
      "<rdf:Description xmlns:tiff=\"http://ns.adobe.com/tiff/1.0/\" \(property)</rdf:Description>"
    return Array(
      "<x:xmpmeta xmlns:x=\"adobe:ns:meta/\"><rdf:RDF>\(description)</rdf:RDF></x:xmpmeta>".utf8)
  }

  private func xmp(_ orientation: Int) -> [UInt8] { xmp("tiff:Orientation=\"\(orientation)\">") }

  private func chunk(_ type: String, _ body: [UInt8]) -> [UInt8] {
    let typed = Array(type.utf8) + body
    return big(body.count, 4) + typed + big(Int(crc32(typed)), 4)
  }

  /// Chunks in front of the pixels and behind.
  private func png(_ before: [UInt8], behind: [UInt8] = []) throws -> [UInt8] {
    let png = try ImageEncoder.encode(stored, as: .png)
    return Array(png[..<33]) + before + png[33...].dropLast(12) + behind + png.suffix(12)
  }

  private func xmpChunk(_ packet: [UInt8], isCompressed: Bool = false) -> [UInt8] {
    let head = Array("XML:com.adobe.xmp\0".utf8) + [isCompressed ? 1 : 0, 0, 0, 0]
    return chunk("iTXt", head + (isCompressed ? deflated(packet) : packet))
  }

  /// As ImageMagick writes it.
  private func profile(_ name: String, _ content: [UInt8]) -> [UInt8] {
    var text = "\n\(name)\n      \(content.count)"
    for (index, byte) in content.enumerated() {
      if index % 36 == 0 { text += "\n" }
      text += [byte >> 4, byte & 15].map { String($0, radix: 16) }.joined()
    }
    return Array((text + "\n").utf8)
  }

  /// In one stored block.
  private func deflated(_ bytes: [UInt8]) -> [UInt8] {
    var (low, high) = (1, 0)
    for byte in bytes {
      low = (low + Int(byte)) % 65521
      high = (high + low) % 65521
    }
    return [0x78, 1, 1] + little(bytes.count, 2) + little(~bytes.count, 2) + bytes
      + big(high << 16 | low, 4)
  }

  private func jpeg(_ bodies: [[UInt8]]) throws -> [UInt8] {
    let jpeg = try ImageEncoder.encode(stored, as: .jpeg)
    return Array(jpeg[..<2]) + bodies.flatMap { segment(0xe1, $0) } + jpeg[2...]
  }

  private func webp(_ chunks: [(String, [UInt8])]) throws -> [UInt8] {
    let webp = try ImageEncoder.encode(stored, as: .webp)
    let extended =
      Array("VP8X".utf8) + little(10, 4) + [12, 0, 0, 0] + little(31, 3) + little(15, 3)
    var body = Array("WEBP".utf8) + extended + webp.dropFirst(12)
    for (name, content) in chunks {
      body += Array(name.utf8) + little(content.count, 4) + content
      if content.count % 2 == 1 { body.append(0) }
    }
    return Array("RIFF".utf8) + little(body.count, 4) + body
  }

  /// The picture is turned by a quarter, as 6 says, and the header knows.
  private func isTurned(_ bytes: [UInt8]) throws -> Bool {
    let encoded = try EncodedImage(bytes)
    let image = try encoded.decode()
    #expect(encoded.size == image.size)
    guard image.size == ImageSize(width: 16, height: 32) else { return false }
    // The stored bottom left, where blue is least and green most, comes to the top left.
    let corner = image.pixel(0)
    #expect(corner[0] < 40 && corner[1] > 210)
    return true
  }

  @Test("XMP alone counts, in PNG, JPEG and WebP")
  func xmpAlone() throws {
    #expect(try isTurned(png(xmpChunk(xmp(6)))))
    #expect(try isTurned(png([], behind: xmpChunk(xmp(6), isCompressed: true))))
    #expect(try isTurned(jpeg([Array("http://ns.adobe.com/xap/1.0/\0".utf8) + xmp(6)])))
    #expect(try isTurned(webp([("XMP ", xmp(6))])))
  }

  @Test(
    "In XMP it is an attribute or an element",
    arguments: [
      "tiff:Orientation=\"6\">", "tiff:Orientation = '6'>",
      "><tiff:Orientation>6</tiff:Orientation>",
      "><tiff:Orientation a='b'> 6\n</tiff:Orientation>",
      "tiff:Orientation=\"9\"><tiff:Orientation>6</tiff:Orientation>",
    ])
  func forms(property: String) throws { #expect(try isTurned(png(xmpChunk(xmp(property))))) }

  @Test(
    "What is no such property turns nothing",
    arguments: [
      "tiff:Orientation=\"66\">", "tiff:Orientation=\"0\">", "tiff:Orientation>",
      "tiff:Orientation=",
      "tiff:OrientationX=\"6\">", "><tiff:Orientation>6",
      "><tiff:Orientation>68</tiff:Orientation>",
      "><tiff:Orientation", "tiff:Orientation=\"six\">",
    ])
  func noForms(property: String) throws {
    var packet = xmp(property)
    if property.hasSuffix(">6") { packet.removeLast(40) }
    #expect(try !isTurned(png(xmpChunk(packet))))
  }

  @Test("EXIF's prefix may stand twice, and where it does not belong")
  func prefixes() throws {
    #expect(try isTurned(jpeg([prefix + prefix + exif(6)])))
    #expect(try isTurned(png(chunk("eXIf", prefix + exif(6)))))
    #expect(try isTurned(webp([("EXIF", prefix + prefix + exif(6))])))
  }

  @Test("Of a directory that counts more entries than it has those that are there count")
  func entries() throws {
    #expect(try isTurned(jpeg([prefix + exif(6, count: 200)])))
    #expect(try isTurned(png(chunk("eXIf", exif(6, count: 65535)))))
    #expect(try !isTurned(jpeg([prefix + exif(6, count: 0)])))
  }

  @Test(
    "ImageMagick's profiles in a PNG's text count",
    arguments: ["exif", "APP1", "xmp"])
  func profiles(name: String) throws {
    let content = name == "xmp" ? xmp(6) : prefix + exif(6)
    let text = profile(name, content)
    let keyword = Array("Raw profile type \(name)\0".utf8)
    #expect(try isTurned(png(chunk("tEXt", keyword + text))))
    #expect(try isTurned(png([], behind: chunk("zTXt", keyword + [0] + deflated(text)))))
  }

  @Test("An APP1 profile may hold XMP")
  func profileOfXMP() throws {
    let packet = Array("http://ns.adobe.com/xap/1.0/\0".utf8) + xmp(6)
    #expect(
      try isTurned(
        png(chunk("tEXt", Array("Raw profile type APP1\0".utf8) + profile("app1", packet)))))
  }

  @Test("EXIF is believed before text and XMP, wherever it stands")
  func precedence() throws {
    let text = chunk("tEXt", Array("Raw profile type exif\0".utf8) + profile("exif", exif(6)))
    #expect(try !isTurned(png(xmpChunk(xmp(6)) + text, behind: chunk("eXIf", exif(1)))))
    #expect(try isTurned(png(xmpChunk(xmp(1)), behind: chunk("eXIf", exif(6)))))
    #expect(try isTurned(png(xmpChunk(xmp(1)) + text)))
    let segment = Array("http://ns.adobe.com/xap/1.0/\0".utf8) + xmp(6)
    #expect(try !isTurned(jpeg([segment, prefix + exif(1)])))
    #expect(try !isTurned(webp([("XMP ", xmp(6)), ("EXIF", exif(1))])))
    // EXIF that tells nothing is no answer.
    #expect(try isTurned(jpeg([prefix + exif(0), segment])))
    #expect(try isTurned(jpeg([prefix, segment])))
  }

  @Test("Damaged or endless texts turn nothing, and only the first few are looked at")
  func bounds() throws {
    let keyword = Array("Raw profile type exif\0".utf8)
    #expect(
      try !isTurned(
        png(chunk("zTXt", keyword + [0] + deflated(profile("exif", exif(6))).prefix(20)))))
    #expect(try !isTurned(png(chunk("zTXt", keyword + [0, 1, 2, 3]))))
    #expect(try !isTurned(png(chunk("zTXt", keyword))))
    #expect(try !isTurned(png(chunk("iTXt", Array("XML:com.adobe.xmp\0".utf8)))))
    #expect(try !isTurned(png(chunk("tEXt", keyword + Array("\nexif\n 4\n4d4".utf8)))))
    let empty = (0..<8).flatMap { _ in xmpChunk(xmp(">")) }
    #expect(try !isTurned(png(empty + xmpChunk(xmp(6)))))
    #expect(try isTurned(png(empty.dropLast(empty.count / 8) + xmpChunk(xmp(6)))))
  }
}
