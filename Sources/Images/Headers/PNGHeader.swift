/// The chunks of a PNG: ISO/IEC 15948.
enum PNGHeader {
  static func read(_ bytes: HeaderBytes) throws(ImageError) -> ImageHeader {
    let signature: [UInt8] = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]
    guard bytes.count >= 8 else { throw ImageFormat.png.truncated("in its signature") }
    guard bytes.has(signature) else { throw ImageFormat.png.corrupt("its signature is wrong") }
    guard let first = bytes.part(8, length: 4 + 4 + 13),
      let length = first.number(0, width: 4, .big),
      let width = first.number(8, width: 4, .big), let height = first.number(12, width: 4, .big)
    else { throw ImageFormat.png.truncated("in its header") }
    guard length == 13, first.has("IHDR", at: 4) else {
      throw ImageFormat.png.corrupt("its first chunk is no header")
    }
    return ImageHeader(
      stored: ImageSize(width: width, height: height), orientation: orientation(bytes))
  }

  /// Every chunk is there, to the last.
  static func checkComplete(_ bytes: HeaderBytes) throws(ImageError) {
    var ended = false
    let complete = eachChunk(bytes) { type, _ in
      ended = type == "IEND"
      return !ended
    }
    guard complete && ended else { throw ImageFormat.png.truncated("before its last chunk") }
  }

  /// Each text that is looked at may cost the time of a megabyte.
  private static let mostTexts = 8

  /// The chunk `eXIf` and the texts may stand before or after the pixels.
  private static func orientation(_ bytes: HeaderBytes) -> Orientation {
    var tags = OrientationTags()
    var texts = 0
    _ = eachChunk(bytes) { type, body in
      if type == "eXIf" {
        tags.add(exif: body)
      } else if texts < mostTexts,
        let text = PNGText(type, body, wanted: PNGText.tellsOrientation)
      {
        texts += 1
        text.addOrientation(to: &tags)
      }
      return type != "IEND"
    }
    return tags.orientation
  }

  /// Walks the chunks until `body` says to stop; false when the data ends inside one.
  private static func eachChunk(
    _ bytes: HeaderBytes, _ body: (_ type: String, _ content: HeaderBytes) -> Bool
  ) -> Bool {
    var offset = 8
    while offset < bytes.count {
      guard let length = bytes.number(offset, width: 4, .big),
        let content = bytes.part(offset + 8, length: length),
        bytes.part(offset + 8 + length, length: 4) != nil
      else { return false }
      if !body(bytes.text(offset + 4, length: 4), content) { return true }
      offset += 12 + length
    }
    return true
  }
}
