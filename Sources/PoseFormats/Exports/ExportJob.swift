import Files

/// One thing to write: in which format, and where.
package struct ExportJob: Sendable {
  /// Where it goes.
  package enum Place: Sendable, Hashable {
    /// A file; where a file holds one person, and there are several, one each with the id in its name: clip.3.trc.
    case file(String)
    /// A folder of files.
    case folder(String)
    /// Where a process writes to: bytes leave as they come.
    case stream
  }

  /// In which format.
  package let format: PoseFormat
  /// Where.
  package let place: Place

  /// A job of the given parts.
  package init(_ format: PoseFormat, to place: Place) {
    self.format = format
    self.place = place
  }

  /// What it is called in messages.
  package var shownPath: String {
    switch place {
    case .file(let path), .folder(let path): path.shownPath
    case .stream: "standard output"
    }
  }
}

/// The path with a word before its ending: "clip.3.trc".
package func path(_ path: String, with word: String) -> String {
  let bytes = path.pathBytes
  let name = bytes.lastIndex(of: UInt8(ascii: "/")).map { $0 + 1 } ?? 0
  var dot = bytes[name...].lastIndex(of: UInt8(ascii: ".")) ?? bytes.endIndex
  if dot == name { dot = bytes.endIndex }
  return String(pathBytes: bytes[..<dot] + Array(".\(word)".utf8) + bytes[dot...])
}
