import FoundationEssentials
import Options
package import StanceJobs

/// What a job is to do, as it lies in the store: made and checked when the job is accepted, read by any worker.
package struct JobSpecification: Sendable, Hashable, Codable {
  /// What the work is done on.
  package enum Source: String, Sendable, Hashable, Codable, CaseIterable {
    /// Photos that came with the job, an item each.
    case photos
    /// Photos in an archive that came with it: unpacked first.
    case archive
    /// Photos beneath a folder that the operator allowed: listed first.
    case folder
    /// A video that came with it: one item.
    case video
  }

  /// A name and a value of a query, as they were given.
  package struct Parameter: Sendable, Hashable, Codable {
    package var name: String
    package var value: String

    package init(_ name: String, _ value: String) { (self.name, self.value) = (name, value) }
  }

  /// A folder that is allowed by that name, and a path beneath it, "" for all of it.
  package struct Folder: Sendable, Hashable, Codable {
    package var name: String
    package var path: String

    package init(_ name: String, path: String = "") { (self.name, self.path) = (name, path) }
  }

  /// Only a worker of this version reads it.
  private var version = Self.version
  package private(set) var source: Source
  /// What the caller calls the archive, the video, or the first of the photos.
  package private(set) var name: String?
  /// Of a folder.
  package private(set) var folder: Folder?
  /// Where the service that accepted the job has other defaults than the program: what they are.
  private var defaults: [Parameter]
  /// The parameters of `/v1/pose`, or of a video's `/v1/video`, that the caller gave.
  package private(set) var parameters: [Parameter]

  private static let version = 1

  /// What is wanted of photos, an archive or a video that come with the job, or of a folder.
  ///
  /// - Parameters:
  ///   - parameters: as a query or a form gives them, all of them; without what is the job's own.
  ///   - configuration: of the service that accepts it.
  /// - Throws: `Problem` with `bad_parameter` for what no worker could do.
  package init(
    _ source: Source, name: String? = nil, folder: Folder? = nil,
    parameters: [(name: String, value: String)], _ configuration: ServiceConfiguration
  ) throws(Problem) {
    (self.source, self.name, self.folder) = (source, name, folder)
    self.parameters = parameters.map { Parameter($0.name, $0.value) }
    let given = Set(parameters.map(\.name))
    defaults =
      source == .video
      ? Self.defaults(
        VideoParameters.rows, in: VideoParameters(configuration), VideoParameters(.init()))
      : Self.defaults(
        AnswerParameters.rows, in: AnswerParameters(configuration), AnswerParameters(.init()))
    defaults.removeAll { given.contains($0.name) }
    _ = try JobRecipe(self)
  }

  /// As it was stored.
  ///
  /// - Throws: `Problem` when another version of the program made it.
  package init(decoding bytes: [UInt8]) throws(Problem) {
    do { self = try JSONDecoder().decode(Self.self, from: Data(bytes)) } catch {
      throw Self.unreadable
    }
    guard version == Self.version else { throw Self.unreadable }
  }

  /// For ``NewJob/specification``.
  package var encoded: [UInt8] { jsonBytes(of: self) }

  /// What people know the job by: its file's name, or the folder's; nil when the file has none.
  var title: String? {
    let text = folder.map { $0.path.isEmpty ? $0.name : "\($0.name)/\($0.path)" } ?? name
    return text.flatMap { $0.isEmpty ? nil : String($0.prefix(Self.longestTitle)) }
  }

  private static let longestTitle = 255

  /// All parameters of which the work depends, on top of the program's own defaults.
  var query: [(name: String, value: String)] {
    (defaults + parameters).map { ($0.name, $0.value) }
  }

  private static let unreadable = Problem(
    .internalError, "the job was made by another version of the program")

  /// What `configured` has that `plain` has not.
  private static func defaults<Root>(
    _ rows: [OptionRow<Root>], in configured: Root, _ plain: Root
  ) -> [Parameter] {
    rows.flatMap { row -> [Parameter] in
      guard let text = row.text(in: configured), text != row.text(in: plain) else { return [] }
      let words = row.repeats ? text.split(separator: row.kind.separator).map(String.init) : [text]
      return words.map { Parameter(row.key, $0) }
    }
  }
}

/// What one item of the work is done on, as it lies in the store.
package struct JobItemInput: Sendable, Hashable, Codable {
  /// A file of the job's own.
  package var file: String?
  /// A path beneath the allowed folder.
  package var path: String?
  /// As the caller knows it: "a/b.jpg".
  package var name: String
  /// Why there is nothing to work on: an entry of an archive that was refused.
  package var refusal: String?

  /// A file that came with the job, or out of its archive.
  package init(file: JobFileName, name: String) {
    (self.file, self.name) = (file.description, name)
  }

  /// A file beneath an allowed folder.
  init(path: String, name: String) { (self.path, self.name) = (path, name) }

  /// What is not worked on, and why.
  init(refused name: String, _ refusal: String) { (self.name, self.refusal) = (name, refusal) }

  /// For ``NewJob/items``.
  package var encoded: [UInt8] { jsonBytes(of: self) }

  init?(decoding bytes: [UInt8]) {
    guard let input = try? JSONDecoder().decode(Self.self, from: Data(bytes)) else { return nil }
    self = input
  }
}

/// Plain values of texts and whole numbers: there is none that JSON can't hold.
func jsonBytes(of value: some Encodable) -> [UInt8] {
  let encoder = JSONEncoder()
  encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
  return (try? encoder.encode(value)).map { Array($0) } ?? []
}
