package import Options

/// The options of jobs, the same for `stance serve` and `stance work`.
package struct JobOptions: Sendable {
  /// Where jobs are kept: "sqlite:PATH", "redis://…", "postgresql://…"; nil: in `$STATE_DIRECTORY`, or nowhere.
  package var store: String?
  /// A file with the store's password; nil: none, or in the address.
  package var passwordFile: String?
  /// Where jobs' bytes lie; nil: beside the file of an SQLite store.
  package var files: String?
  /// Folders that jobs may read.
  package var folders: [AllowedFolderOption] = []
  /// How long a job is kept after its end.
  package var keep = Duration.seconds(7 * 86_400)
  /// Bytes of all jobs' files.
  package var space = 64 << 30
  /// Jobs that have not ended.
  package var maxOpen = 10_000
  /// Jobs of one key's owner that have not ended.
  package var maxOpenPerOwner = 10_000
  /// Bytes of input of one owner's jobs that have not ended.
  package var maxBytesPerOwner = 1 << 40

  /// Jobs in `$STATE_DIRECTORY`, if there is one.
  package init() {}
}

/// "NAME=PATH": a folder that jobs may name.
package struct AllowedFolderOption: Sendable, Hashable, OptionValue {
  package let name: String
  package let path: String

  package static var kind: ValueKind { .text }

  package init?(optionText: String) {
    let parts = optionText.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    let isPlain = { (byte: UInt8) in
      (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
        || [UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: ".")].contains(byte)
    }
    guard parts.count == 2, !parts[1].isEmpty, (1...64).contains(parts[0].utf8.count),
      parts[0].utf8.allSatisfy(isPlain)
    else { return nil }
    (name, path) = (String(parts[0]), String(parts[1]))
  }

  package var optionText: String { "\(name)=\(path)" }
}

/// The rows of ``JobOptions``.
package enum JobRows {
  /// Of every command that has to do with jobs.
  package static let all: [OptionRow<JobOptions>] = [
    .option(
      "jobs", \.store,
      "Where jobs are kept: sqlite:PATH, redis://… or postgresql://…; unset: in STATE_DIRECTORY, if it is set, else nowhere",
      placeholder: "ADDRESS"),
    .option("jobs-password", \.passwordFile, "A file with the store's password", kind: .file),
    .option(
      "job-files", \.files,
      "Where jobs' photos, videos and results lie, for this user alone; shared by the machines that work on them. Unset: beside the file of --jobs",
      kind: .folder),
    .list(
      "job-folder", \.folders, "Let jobs name this folder's photos: NAME=PATH",
      placeholder: "NAME=PATH"),
    .option(
      "job-keep", \.keep, "How long a job and its result are kept after its end",
      in: Duration.seconds(1)...Duration.seconds(3650 * 86_400)),
    .option("job-space", \.space, "Bytes of all jobs' files", in: 1...(1 << 50)),
    .option("max-jobs", \.maxOpen, "Jobs that have not ended", in: 1...10_000_000),
    .option(
      "max-jobs-per-key", \.maxOpenPerOwner, "Those of one API key", in: 1...10_000_000),
    .option(
      "max-job-bytes-per-key", \.maxBytesPerOwner,
      "Bytes that came with the jobs of one API key that have not ended", in: 1...(1 << 50)),
  ]
}
