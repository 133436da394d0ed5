public import Stance

/// A way to write results for other programs: one value a format, one file a value.
///
///     let bytes = try PoseFormat.json.encode(result)
public struct PoseFormat: Sendable {
  /// The word that chooses it: "json".
  public let name: String
  /// The extension of its files, without a dot.
  public let fileExtension: String
  /// Its type in HTTP: "application/json".
  public let mediaType: String
  /// One sentence without a full stop.
  public let summary: String

  private let write: @Sendable (PoseResult, _ file: String?) throws -> [UInt8]

  /// A format that `write` writes; `file` names the photo where the format has a place for it.
  init(
    name: String, fileExtension: String, mediaType: String, summary: String,
    write: @escaping @Sendable (PoseResult, _ file: String?) throws -> [UInt8]
  ) {
    self.name = name
    self.fileExtension = fileExtension
    self.mediaType = mediaType
    self.summary = summary
    self.write = write
  }

  /// Every format, for lists and help.
  public static let all: [PoseFormat] = [json, jsonLines]

  /// The format of that name, nil if there is none.
  public static func named(_ name: String) -> PoseFormat? { all.first { $0.name == name } }

  /// The result of one photo as bytes.
  ///
  /// - Parameter file: the photo's name, for formats that say it.
  /// - Throws: `PoseFormatError` when a number of the result is not finite.
  public func encode(_ result: PoseResult, file: String? = nil) throws -> [UInt8] {
    try write(result, file)
  }
}
