import Files

/// The boxes that an MP4 file is made of (ISO/IEC 14496-12, 4.2).
struct MP4Boxes {
  /// Whether there is an index, and media after it. No box is kept: a file may hold any number of empty ones.
  private var (hasIndex, hasMedia) = (false, false)
  /// Whether the last one claims to end behind the file's end.
  private(set) var isCut = false
  /// Whether the last one ends where the file does.
  private(set) var endWithFile = false

  init(of file: OpenFile) throws(FileError) {
    guard case .regular(let end) = try file.kind() else { return }
    var place = 0
    while place < end {
      let head = try file.bytes(at: place, count: 16)
      guard head.count >= 8 else { return }
      func number(_ range: Range<Int>) -> Int { range.reduce(0) { $0 << 8 | Int(head[$1]) } }
      var length = number(0..<4)
      // 0: to the file's end. 1: the length follows in eight bytes.
      if length == 0 { length = end - place }
      if length == 1, head.count == 16, head[8] < 0x80 { length = number(8..<16) }
      // What some recorders leave behind the last box is none.
      guard length >= 8 else { return }
      hasMedia = hasMedia || hasIndex && head[4..<8].elementsEqual("mdat".utf8)
      hasIndex = hasIndex || head[4..<8].elementsEqual("moov".utf8)
      guard length <= end - place else {
        isCut = true
        return
      }
      place += length
    }
    endWithFile = true
  }

  /// Whether there is an index and media after it, and the last box ends where the file does.
  var areWhole: Bool { endWithFile && hasMedia }
}
