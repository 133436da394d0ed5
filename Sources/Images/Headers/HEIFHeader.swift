/// The outer boxes of a HEIC or AVIF: ISO/IEC 14496-12. Only the decoder can tell the size.
enum HEIFHeader {
  static func read(_ bytes: HeaderBytes, format: ImageFormat) throws(ImageError) -> ImageHeader {
    // What the standard allows beside the ones that matter; phones add some of their own at the end.
    let known = [
      "ftyp", "meta", "mdat", "moov", "free", "skip", "uuid", "wide", "styp", "sidx", "pdin",
      "mpvd",
    ]
    var offset = 0
    var hasContent = false
    while let length = bytes.number(offset, width: 4, .big) {
      let name = bytes.text(offset + 4, length: 4)
      // What follows the known boxes may be anything, but before the description there is nothing else to end on.
      guard known.contains(name) || !hasContent else { break }
      if name == "meta" || name == "moov" { hasContent = true }
      if length == 0 { break }
      var size = length
      if length == 1 {
        guard let high = bytes.number(offset + 8, width: 4, .big),
          let low = bytes.number(offset + 12, width: 4, .big), high < 1 << 16
        else { throw format.truncated("in its box \(name)") }
        size = high << 32 | low
      }
      guard size >= 8 else { throw format.corrupt("a box of \(size) bytes") }
      guard offset + size <= bytes.count else { throw format.truncated("in its box \(name)") }
      offset += size
    }
    guard hasContent else { throw format.truncated("before the boxes that describe its picture") }
    return ImageHeader()
  }
}
