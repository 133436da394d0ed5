/// The parameter section of a C3D file: named values in named groups.
///
/// The C3D user guide (https://www.c3d.org), "Parameter section": a four-byte header, then records. A group's record is its
/// name's length, its number negated, its name, the distance to the next record, and a description; a parameter's has the
/// number of its group, and after the distance a type, dimensions and values. A name of length 0 ends the section.
struct C3DParameters {
  private var records: [UInt8] = []
  private var groups: [String] = []

  /// The guide: the header counts the blocks of the section in one byte.
  static let mostBlocks = 255

  /// How many blocks of 512 bytes it takes.
  var blockCount: Int { (4 + records.count + 2 + 511) / 512 }

  /// The section, a whole number of blocks.
  var bytes: [UInt8] {
    // The first block's number and the kind of file, which readers pass over; the count; 84 says Intel's byte order.
    var bytes: [UInt8] = [1, 0x50, UInt8(clamping: blockCount), 84]
    bytes += records
    bytes += [0, 0]
    bytes.pad(to: 512)
    return bytes
  }

  mutating func add(_ group: String, _ name: String, words: [UInt16]) {
    add(group, name, type: 2, dimensions: words.count == 1 ? [] : [words.count]) { bytes in
      for word in words { bytes.append(littleEndian: word) }
    }
  }

  mutating func add(_ group: String, _ name: String, floats: [Float]) {
    add(group, name, type: 4, dimensions: floats.count == 1 ? [] : [floats.count]) { bytes in
      for float in floats { bytes.append(littleEndian: float) }
    }
  }

  mutating func add(_ group: String, _ name: String, text: String) {
    add(group, name, type: -1, dimensions: [text.utf8.count]) { $0 += text.utf8 }
  }

  /// Texts padded with blanks to the length of the longest.
  ///
  /// - Precondition: at most 255, of at most 255 bytes each.
  mutating func add(_ group: String, _ name: String, texts: [String]) {
    let length = texts.map(\.utf8.count).max() ?? 0
    add(group, name, type: -1, dimensions: [length, texts.count]) { bytes in
      for text in texts {
        bytes += text.utf8
        bytes += repeatElement(UInt8(ascii: " "), count: length - text.utf8.count)
      }
    }
  }

  private mutating func add(
    _ group: String, _ name: String, type: Int8, dimensions: [Int],
    values: (inout [UInt8]) -> Void
  ) {
    var content: [UInt8] = [UInt8(bitPattern: type), UInt8(dimensions.count)]
    content += dimensions.map { UInt8($0) }
    values(&content)
    record(name, number: number(of: group), content)
  }

  /// From 1 on; a group that is new is written.
  private mutating func number(of group: String) -> Int8 {
    if let place = groups.firstIndex(of: group) { return Int8(place + 1) }
    groups.append(group)
    record(group, number: -Int8(groups.count), [])
    return Int8(groups.count)
  }

  private mutating func record(_ name: String, number: Int8, _ content: [UInt8]) {
    records += [UInt8(name.utf8.count), UInt8(bitPattern: number)]
    records += name.utf8
    // From where it stands to the next record: itself, the content, and the length of a description that is empty.
    records.append(littleEndian: UInt16(2 + content.count + 1))
    records += content
    records.append(0)
  }
}
