package import Options

/// How `stance jobs` reaches jobs.
package struct JobsOptions: Sendable {
  /// The address of a service; nil: the store of `--jobs`, or the service at this machine's usual port.
  package var server: String?
  /// A file with the key to show there.
  package var keyFile: String?
  /// How many jobs are listed.
  package var limit = 20

  package init() {}

  static let usualServer = "http://127.0.0.1:5000"
}

/// The rows of ``JobsOptions``.
package enum JobsRows {
  package static let all: [OptionRow<JobsOptions>] = [
    .option(
      "server", \.server,
      "The service that has the jobs; unset: the store of --jobs, or \(JobsOptions.usualServer)",
      placeholder: "ADDRESS"),
    .option("key-file", \.keyFile, "A file with the API key to show there", kind: .file),
    .option("limit", \.limit, "Jobs that are listed", in: 1...200),
  ]
}
