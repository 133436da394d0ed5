import ArchiveFrames
import Files

/// Makes entries of what an archive says: judges their names and keeps them apart.
struct EntryNames {
  private var taken = DistinctNames()

  /// - Returns: nil for what is passed over.
  mutating func entry(
    at index: Int, _ kind: ArchiveFrame.EntryKind, _ size: Int?, _ name: [UInt8], maxBytes: Int
  ) -> ArchiveEntry? {
    if kind == .folder || FileName.isClutter(name) { return nil }
    let text = FileName.text(of: name)
    let path = text.map(Self.path)
    let refusal =
      Self.refusal(kind, maxBytes: maxBytes) ?? text.flatMap(Self.refusal)
      ?? (size.map { $0 > maxBytes } == true ? .tooLarge(limit: maxBytes) : nil)
    let shown = path.flatMap { $0.isEmpty ? nil : $0 } ?? "entry-\(index + 1)"
    return ArchiveEntry(index: index, name: taken.take(shown), size: size, refusal: refusal)
  }

  private static func refusal(
    _ kind: ArchiveFrame.EntryKind, maxBytes: Int
  ) -> EntryRefusal? {
    switch kind {
    case .file, .folder: nil
    case .symbolicLink: .symbolicLink
    case .hardLink: .hardLink
    case .device: .device
    case .pipe: .pipe
    case .encrypted: .encrypted
    case .tooLarge: .tooLarge(limit: maxBytes)
    }
  }

  /// Both separators count, and both kinds of root: nobody knows on what system the name will be used.
  private static func refusal(_ name: String) -> EntryRefusal? {
    let bytes = Array(name.utf8)
    if isSeparator(bytes[0]) || bytes.dropFirst().first == UInt8(ascii: ":") {
      return .absoluteName
    }
    let leadsOut = bytes.split(whereSeparator: isSeparator).contains { $0.elementsEqual("..".utf8) }
    return leadsOut ? .outsideName : nil
  }

  /// Without "." and doubled separators.
  private static func path(_ name: String) -> String {
    name.utf8.split(separator: UInt8(ascii: "/")).filter { !$0.elementsEqual(".".utf8) }
      .map { String(decoding: $0, as: UTF8.self) }.joined(separator: "/")
  }

  private static func isSeparator(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: "/") || byte == UInt8(ascii: "\\")
  }
}
