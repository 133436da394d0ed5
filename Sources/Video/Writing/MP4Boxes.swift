import Files

/// The boxes that an MP4 file is made of (ISO/IEC 14496-12, 4.2).
enum MP4Boxes {
  /// Whether there is an index and media after it, and the last box ends where the file does.
  static func areWhole(in file: OpenFile) throws(VideoError) -> Bool {
    do {
      guard case .regular(let end) = try file.kind() else { return false }
      var names: [String] = []
      var place = 0
      while place < end {
        let head = try file.bytes(at: place, count: 16)
        guard head.count == 16 else { return false }
        let number = { (range: Range<Int>) in range.reduce(0) { $0 << 8 | Int(head[$1]) } }
        // 1: the length follows in eight bytes.
        let length = number(0..<4) == 1 ? number(8..<16) : number(0..<4)
        guard length >= 8, length <= end - place else { return false }
        names.append(String(decoding: head[4..<8], as: UTF8.self))
        place += length
      }
      guard let index = names.firstIndex(of: "moov") else { return false }
      return names[index...].contains("mdat")
    } catch {
      throw VideoError(.unwritable, "the video can't be read again: \(error.message)")
    }
  }
}
