import Archives
import Files
import Images
package import StanceJobs

/// Finds out which photos an archive or a folder holds.
struct PhotoPlans {
  /// How many items the store is told of at once.
  private static let page = 200

  let task: JobTask
  let note: ([[UInt8]]) throws -> Void

  /// Unpacks the pictures of the job's archive, each into a file of the job's own.
  ///
  /// - Parameter maxEntryBytes: of one picture.
  func unpack(maxEntryBytes: Int, helper: String?) throws {
    let archive = try task.files.open(.archive, of: task.job)
    var limits = ArchiveLimits()
    limits.maxEntryBytes = maxEntryBytes
    // What could never lie beside the archive, with a tenth left for results, is the archive's fault and no shortage.
    let room = task.files.room.limit
    let own = try task.files.files(of: task.job).first { $0.name == .archive }?.bytes ?? 0
    limits.maxBytes = max(0, min(limits.maxBytes, room - room / 10 - own))
    var reader = try ArchiveReader(archive, .read, limits: limits, helper: helper)
    var items: [[UInt8]] = []
    var count = 0
    var buffer = [UInt8](repeating: 0, count: 256 << 10)
    do {
      while let entry = try reader.next() {
        try task.check(from: .ending)
        if let refusal = entry.refusal {
          items.append(JobItemInput(refused: entry.name, "the archive's entry \(refusal)").encoded)
        } else if Self.isPicture(entry.name) {
          let name = JobFileName.entry(entry.index)
          do {
            let file = try task.files.make(name, of: task.job, as: .input)
            while case let bytes = try reader.read(into: &buffer), bytes > 0 {
              try file.append(buffer[..<bytes])
            }
            _ = try file.finish()
            items.append(JobItemInput(file: name, name: entry.name).encoded)
          } catch let error as ArchiveError where error.concernsOneEntry {
            items.append(
              JobItemInput(refused: entry.name, "the archive's entry: \(error)").encoded)
          }
        }
        if items.count >= Self.page { try tell(&items, &count) }
      }
    } catch let error as JobFilesError {
      // Two that wait for each other's room, each half unpacked, would wait for ever.
      if case .noRoom = error, task.interruption != .lost { try removeEntries() }
      throw error
    } catch let error as ArchiveError {
      // Here and now it can't be read: no fault of the archive.
      guard error.code != .noResources else { throw JobPostponed("\(error)") }
      throw error
    }
    try tell(&items, &count)
    guard count > 0 else { throw Problem(.missingImage, "the archive holds no picture") }
  }

  private func removeEntries() throws(JobFilesError) {
    for file in try task.files.files(of: task.job)
    where file.name != .archive && file.name.description.hasPrefix(JobFileName.inputPrefix) {
      try task.files.remove(file.name, of: task.job)
    }
  }

  /// Lists the pictures beneath a folder.
  func list(_ folder: AllowedFolder, _ path: String) throws {
    var items: [[UInt8]] = []
    var count = 0
    for entry in try entries(of: folder, path) {
      if let refusal = entry.refusal {
        items.append(JobItemInput(refused: entry.name, "\(refusal)").encoded)
      } else if Self.isPicture(entry.name) {
        items.append(JobItemInput(path: entry.path, name: entry.name).encoded)
      }
      if items.count >= Self.page {
        try task.check(from: .ending)
        try tell(&items, &count)
      }
    }
    try tell(&items, &count)
    guard count > 0 else { throw Problem(.missingImage, "the folder holds no picture") }
  }

  /// - Throws: `AllowedFolderError`; `JobPostponed` where the folder can't be read now.
  private func entries(of folder: AllowedFolder, _ path: String) throws -> [FolderEntry] {
    do { return try folder.list(path) } catch {
      guard case .system = error.reason else { throw error }
      throw JobPostponed("\(error)")
    }
  }

  private func tell(_ items: inout [[UInt8]], _ count: inout Int) throws {
    guard !items.isEmpty else { return }
    try note(items)
    count += items.count
    items = []
  }

  /// As of a folder on the command line: what ends like a picture.
  private static func isPicture(_ name: String) -> Bool {
    PhotoFormats.fileExtension(of: name).map(PhotoFormats.readable.contains) ?? false
  }
}

extension JobFileName {
  /// The one file of a job on an archive or a video.
  package static let archive = JobFileName.input(0)
  package static let video = JobFileName.input(0)

  /// The same at each try to unpack.
  static func entry(_ index: Int) -> JobFileName { .input(index + 1) }
}
