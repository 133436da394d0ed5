import Files

/// What an export is made of.
public struct ExportSource: Sendable, Hashable {
  /// Its name without folder and ending, for formats and files that bear one: "dance".
  public var name: String
  /// The first line of the clip's results; nil of photos.
  public var header: ResultsHeader?

  /// A source of the given parts.
  public init(name: String, header: ResultsHeader? = nil) {
    self.name = name
    self.header = header
  }

  /// The clip whose results begin with this line.
  public init(_ header: ResultsHeader) {
    self.init(name: Self.stem(of: header.source.file), header: header)
  }

  /// How many of the frames that were looked at there are a second, as the source claims; nil when it claims nothing.
  public var frameRate: Double? {
    guard let header, let rate = header.source.frameRate else { return nil }
    return rate * header.selection.slowMotion / Double(max(1, header.selection.every))
  }

  /// The name of a frame among files of all frames, as OpenPose names them: "dance_000000000012".
  func frameName(_ index: Int) -> String {
    let digits = index.description
    return "\(name)_\(String(repeating: "0", count: max(0, 12 - digits.count)))\(digits)"
  }

  /// The name in a path, without folder and ending: "dance" of "clips/dance.mp4". Of "-", and of what has no name,
  /// "stance". Control characters, of which 0 would end a file's name, become "_".
  public static func stem(of path: String) -> String {
    // By bytes: a name that begins with a combining character makes one `Character` with the slash.
    let name = path.pathBytes.split(separator: UInt8(ascii: "/")).last ?? []
    let dot = name.lastIndex(of: UInt8(ascii: ".")) ?? name.endIndex
    let stem = dot == name.startIndex ? name : name[..<dot]
    let text = String(pathBytes: stem.map { $0 < 0x20 || $0 == 0x7f ? UInt8(ascii: "_") : $0 })
    // With "." the names of files that bear it would be hidden.
    return ["", "-", "."].contains(text) ? "stance" : text
  }
}
