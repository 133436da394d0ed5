package import Files
package import StanceJobs

/// Where jobs are kept, and what they may read: the same for who accepts them, works on them, or lists them.
package struct JobPlace: Sendable {
  package let store: any JobStore
  package let files: any JobFiles
  /// Folders that jobs may name.
  package let folders: [String: AllowedFolder]
  /// How long a job is kept after its end.
  package let keep: Duration

  package init(
    store: any JobStore, files: any JobFiles, folders: [String: AllowedFolder] = [:],
    keep: Duration = .seconds(7 * 86_400)
  ) {
    (self.store, self.files, self.folders, self.keep) = (store, files, folders, keep)
  }

  /// Opens what the options name.
  ///
  /// - Parameters:
  ///   - stateDirectory: the value of `STATE_DIRECTORY`, which systemd sets: there jobs are kept when no option says where.
  ///   - wait: how a store is waited for that does not answer; nil not to wait.
  /// - Returns: nil when nothing says where: there are no jobs.
  /// - Throws: `ServiceError`, `JobStoreError`, `JobFilesError`, and what an allowed folder has against it; `CancellationError` when the
  ///   wait was interrupted.
  package static func opened(
    _ options: JobOptions, stateDirectory: String?, waiting wait: StoreWait? = nil
  ) throws -> JobPlace? {
    let state = stateDirectory?.split(separator: ":").first
    guard let address = options.store ?? state.map({ "sqlite:\($0)/jobs.db" }) else {
      guard options.files == nil, options.folders.isEmpty else {
        throw ServiceError(
          "--job-files and --job-folder go with --jobs, which says where jobs are kept")
      }
      return nil
    }
    var policy = JobPolicy()
    policy.lease = options.lease
    policy.maxOpenJobs = options.maxOpen
    policy.maxOpenJobsPerOwner = options.maxOpenPerOwner
    policy.maxOpenBytesPerOwner = options.maxBytesPerOwner
    let open = { @Sendable [policy] in
      try openJobStore(address, passwordFile: options.passwordFile, policy: policy)
    }
    let store = try wait?.opened(open) ?? open()
    var folders: [String: AllowedFolder] = [:]
    for folder in options.folders {
      guard folders[folder.name] == nil else {
        throw ServiceError("--job-folder: \(folder.name) is named twice")
      }
      folders[folder.name] = try AllowedFolder(folder.path)
    }
    return JobPlace(
      store: store, files: try JobFolder(try filesPath(options, address), limit: options.space),
      folders: folders, keep: options.keep)
  }

  private static func filesPath(_ options: JobOptions, _ address: String) throws(ServiceError)
    -> String
  {
    if let files = options.files { return files }
    guard address.hasPrefix("sqlite:") else {
      throw ServiceError(
        "--job-files: name the folder of the jobs' files, which the machines share")
    }
    return Files.parent(of: String(address.dropFirst("sqlite:".count))) + "/job-files"
  }
}
