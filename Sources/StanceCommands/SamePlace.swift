import Files

extension Files {
  /// Whether two paths are of the same place, where nothing need be yet.
  static func areOnePlace(_ one: String, _ other: String) -> Bool {
    let slash = UInt8(ascii: "/")
    func parts(_ path: String) -> (folder: String, name: [UInt8]) {
      var bytes = path.pathBytes
      while bytes.count > 1, bytes.last == slash { bytes.removeLast() }
      let name = bytes.lastIndex(of: slash).map { $0 + 1 } ?? 0
      return (Files.parent(of: String(pathBytes: bytes)), Array(bytes[name...]))
    }
    let (one, other) = (parts(one), parts(other))
    guard one.name == other.name else { return false }
    guard let folder = FileIdentity(of: one.folder) else { return one.folder == other.folder }
    return folder == FileIdentity(of: other.folder)
  }
}
