/// What is read of an XMP packet: which way is up. ISO 16684-1, property `tiff:Orientation`.
enum XMP {
  /// Stands before the packet in a JPEG's segment.
  static let prefix: [UInt8] = Array("http://ns.adobe.com/xap/1.0/\0".utf8)
  /// The most of a packet that is looked at.
  static let longest = 1 << 20

  private static let longestTag = 256
  private static let name = Array("tiff:Orientation".utf8)

  /// The orientation in a packet, nil when it tells none of 1...8.
  ///
  /// No XML parser: the property is an attribute or an element of nothing but a digit, and the name with its prefix is
  /// what all writers write.
  static func orientation(_ packet: HeaderBytes) -> Orientation? {
    let text = packet.part(0, length: min(packet.count, longest)) ?? packet
    var offset = 0
    while let found = text.offset(of: name, from: offset) {
      offset = found + name.count
      let digit =
        text[found - 1] == UInt8(ascii: "<") ? element(text, offset) : attribute(text, offset)
      if let digit, let orientation = Orientation(rawValue: Int(digit) - 0x30) {
        return orientation
      }
    }
    return nil
  }

  /// The digit of `="6"`.
  private static func attribute(_ text: HeaderBytes, _ start: Int) -> UInt8? {
    var offset = afterSpace(text, start)
    guard text[offset] == UInt8(ascii: "=") else { return nil }
    offset = afterSpace(text, offset + 1)
    guard let quote = text[offset], quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'")
    else { return nil }
    return digit(text, offset + 1, before: quote)
  }

  /// The digit of `>6<`, behind the element's own attributes.
  private static func element(_ text: HeaderBytes, _ start: Int) -> UInt8? {
    // Not far: every name that is found is followed.
    let near = text.part(start, length: min(longestTag, text.count - start))
    guard let end = near?.offset(of: [UInt8(ascii: ">")]) else { return nil }
    return digit(text, start + end + 1, before: UInt8(ascii: "<"))
  }

  private static func digit(_ text: HeaderBytes, _ start: Int, before end: UInt8) -> UInt8? {
    let offset = afterSpace(text, start)
    return text[afterSpace(text, offset + 1)] == end ? text[offset] : nil
  }

  private static func afterSpace(_ text: HeaderBytes, _ start: Int) -> Int {
    var offset = start
    while let byte = text[offset], [0x20, 0x09, 0x0a, 0x0d].contains(byte) { offset += 1 }
    return offset
  }
}
