public import Stance

/// A way to write results for other programs: one value a format, one file a value, all of them in ``all``.
///
///     let bytes = try PoseFormat.json.encode(result)
///     try PoseFormat.trc.write(clip) { bytes in try file.append(bytes) }
///
/// What each means, its units, axes and gaps, says docs/formats.md.
public struct PoseFormat: Sendable {
  /// How what is written is divided into files.
  public enum Division: Sendable, Hashable {
    /// One file holds everybody.
    case oneFile
    /// A file holds one person.
    case filePerPerson
    /// A file holds one frame or photo. Its name is the clip's with the frame's number of twelve digits, or the photo's,
    /// and this at the end: "_keypoints.json".
    case filePerFrame(suffix: String)
  }

  /// What can be written in it.
  public struct Contents: OptionSet, Sendable, Hashable {
    /// The bits.
    public let rawValue: Int
    /// A set of these bits.
    public init(rawValue: Int) { self.rawValue = rawValue }

    /// Photos.
    public static let photos = Contents(rawValue: 1)
    /// Results over time.
    public static let clips = Contents(rawValue: 2)
  }

  /// The word that chooses it: "json".
  public let name: String
  /// The extensions of its files in small letters, without a dot; what it gives its own files first.
  public let fileExtensions: [String]
  /// Its type in HTTP: "application/json".
  public let mediaType: String
  /// One sentence without a full stop.
  public let summary: String
  /// How it is divided into files.
  public let division: Division
  /// What can be written in it.
  public let contents: Contents
  /// Whether it has metres that a person's height scales; Stance's own results stay as they are.
  public let usesMetres: Bool

  let encoding: PoseEncoding

  /// A format that `encoding` writes.
  ///
  /// - Parameter contents: what can be written in it, by default both.
  init(
    name: String, fileExtensions: [String], mediaType: String, summary: String,
    division: Division = .oneFile, contents: Contents = [.photos, .clips], usesMetres: Bool = false,
    encoding: PoseEncoding
  ) {
    self.name = name
    self.fileExtensions = fileExtensions
    self.mediaType = mediaType
    self.summary = summary
    self.division = division
    self.contents = contents
    self.usesMetres = usesMetres
    self.encoding = encoding
  }

  /// The extension of its files, without a dot.
  public var fileExtension: String { fileExtensions.first ?? name }

  /// The format of that name, nil if there is none.
  public static func named(_ name: String) -> PoseFormat? { all.first { $0.name == name } }

  /// The formats whose files have that extension.
  public static func withExtension(_ fileExtension: String) -> [PoseFormat] {
    all.filter { $0.fileExtensions.contains(fileExtension.lowercased()) }
  }
}

/// Formats are equal that have the same name.
extension PoseFormat: Hashable {
  /// Whether both have one name.
  public static func == (one: PoseFormat, other: PoseFormat) -> Bool { one.name == other.name }
  /// By the name.
  public func hash(into hasher: inout Hasher) { hasher.combine(name) }
}

extension PoseFormat {
  /// What makes one file of frames as they come; nil of a format that needs the whole clip first.
  package func encoder(for source: ExportSource) -> (any PoseEncoder)? {
    guard case .streamed(let make) = encoding else { return nil }
    return make(source)
  }

  /// The result of one photo as bytes.
  ///
  /// - Parameter file: the photo's name, for formats that say it.
  /// - Throws: `PoseFormatError`: when a number of the result is not finite, or when no photo can be written in the format.
  public func encode(_ result: PoseResult, file: String? = nil) throws -> [UInt8] {
    guard contents.contains(.photos), case .streamed(let make) = encoding else {
      throw PoseFormatError(
        code: .unsuitable, message: "\(name) holds movement; a photo can't be written in it")
    }
    let name = file.map(ExportSource.stem) ?? "photo"
    var encoder = make(ExportSource(name: name))
    let start = try encoder.begin()
    let photo = try encoder.encode(.photo(result, file: file, number: 0))
    return start + photo + (try encoder.end())
  }

  /// A clip as the bytes of one file, handed over piece by piece.
  ///
  /// - Parameter clip: with one person where a file holds one: ``PoseClip/only(_:)``.
  /// - Throws: what `output` throws; `PoseFormatError` when a number is not finite, when a clip can't be written in the
  ///   format, or not in one file.
  public func write(_ clip: PoseClip, to output: ([UInt8]) throws -> Void) throws {
    guard contents.contains(.clips) else {
      throw PoseFormatError(
        code: .unsuitable, message: "\(name) is for photos; a clip can't be written in it")
    }
    if case .filePerFrame = division {
      throw PoseFormatError(
        code: .unsuitable, message: "\(name) has a file a frame; a clip can't be written in one")
    }
    guard division == .oneFile || clip.ids.count <= 1 else {
      throw PoseFormatError(
        code: .unsuitable,
        message: "\(name) has a file a person; \(clip.ids.count) people can't be written in one")
    }
    switch encoding {
    case .whole(let write): try write(clip, output)
    case .streamed(let make):
      var encoder = make(clip.source)
      try output(try encoder.begin())
      for frame in 0..<clip.frameCount {
        try output(try encoder.encode(.frame(clip.frame(frame))))
      }
      try output(try encoder.end())
    }
  }
}
