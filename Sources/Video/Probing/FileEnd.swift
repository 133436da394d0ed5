import Files

/// Whether a file's end is missing, for the kinds whose demuxers in ffmpeg don't say so.
enum FileEnd {
  static func isMissing(_ file: OpenFile, container: String) throws(FileError) -> Bool {
    guard case .regular(let size) = try file.kind() else { return false }
    switch container {
    case "avi":
      // "RIFF" and the length of what follows, little-endian; recorders that could not go back leave 0 or the largest.
      let head = try file.bytes(at: 0, count: 8)
      guard head.count == 8 else { return true }
      let length = (4..<8).reversed().reduce(0) { $0 << 8 | Int(head[$1]) }
      return length != 0 && length < 0x7fff_0000 && length + 8 > size
    case "gif":
      // The trailer; some writers put zeros after it.
      let tail = try file.bytes(at: max(0, size - 64), count: 64)
      return tail.last { $0 != 0 } != 0x3b
    case "mpegts":
      // Packets of 188 bytes, or of 192 with a time in front.
      let head = try file.bytes(at: 0, count: 400)
      let sync: UInt8 = 0x47
      if head.count > 188, head[0] == sync, head[188] == sync { return size % 188 != 0 }
      if head.count > 196, head[4] == sync, head[196] == sync { return size % 192 != 0 }
      return false
    case let name where isMP4(name):
      // ffmpeg says nothing of media that are cut off where all that is left of them can be decoded.
      return try MP4Boxes(of: file).isCut
    default: return false
    }
  }

  /// Whether ffmpeg takes what is left of a frame at a missing end for a whole one. An MP4's index says how long each is.
  static func mayCutLastFrame(container: String) -> Bool { !isMP4(container) }

  private static func isMP4(_ container: String) -> Bool { container.hasPrefix("mov,") }
}
