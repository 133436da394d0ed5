import Checksums
import Files
import Glibc
import Options
import StanceService
import Synchronization

/// `stance jobs run FOLDER`: hands photos over, waits, and writes what came of them.
struct JobsRun {
  private let settings: Settings
  private let configuration: ServiceConfiguration
  private let console: Console
  private let access: any JobsAccess

  private static let lookEvery: UInt32 = 500_000
  /// Waits in microseconds while a service doesn't answer, and for how long it may not, in seconds.
  private static let patience = 120.0

  init(
    _ settings: Settings, _ configuration: ServiceConfiguration, _ console: Console,
    _ access: any JobsAccess
  ) {
    (self.settings, self.configuration) = (settings, configuration)
    (self.console, self.access) = (console, access)
  }

  func run(_ folder: String) throws -> Int32 {
    let photos = try photos(in: folder)
    let parameters: [(name: String, value: String)]
    do { parameters = try configuration.photoParameters } catch let problem as Problem {
      throw UsageError(problem.detail)
    }
    console.interrupts.watch()
    let signal = console.interrupts.signal
    let total = photos.reduce(0) { $0 + $1.bytes }
    let shown = Mutex(ProgressLine(console))
    defer { shown.withLock { $0.clear() } }
    var job: JobLook
    do {
      let json = try access.submit(
        photos, parameters: parameters, key: key(photos, parameters),
        progress: { bytes in
          shown.withLock {
            $0.show("handing over \(bytes >> 20) of \(total >> 20) MiB")
          }
        }, isInterrupted: { signal() != nil })
      job = try JobLook(json: json)
    } catch {
      if let number = signal() { return ExitStatus.signal(number) }
      throw error
    }
    guard let ended = try wait(for: job, shown) else {
      shown.withLock { $0.clear() }
      console.complain(
        "the job goes on as \(job.id): the same command finds it again, jobs cancel \(job.id) ends it"
      )
      return ExitStatus.signal(signal() ?? SIGINT)
    }
    job = ended
    shown.withLock { $0.clear() }
    if job.result != nil { try write(job) }
    guard job.state == "done" else {
      console.complain("job \(job.id) is \(job.state)\(job.shownReason.map { ": \($0)" } ?? "")")
      return ExitStatus.failure
    }
    if job.progress.failed > 0 {
      console.complain(
        "of \(photos.count) photos \(job.progress.failed) could not be worked on; the results say why"
      )
    }
    return job.progress.failed == 0 ? ExitStatus.success : ExitStatus.failure
  }

  private func photos(in folder: String) throws -> [JobPhoto] {
    guard Files.isFolder(folder) else {
      throw UsageError("jobs run: \(folder) is no folder; name one with photos")
    }
    var photos: [JobPhoto] = []
    for entry in try PhotoList([folder]).entries {
      switch entry {
      case .photo(let photo):
        guard case .regular(let size) = try OpenFile(reading: photo.path).kind() else { continue }
        photos.append(JobPhoto(path: photo.path, name: photo.relativePath, bytes: size))
      case .problem(let path, let message): throw JobsFailure("\(path): \(message)")
      }
    }
    guard photos.count <= JobDesk.maxFiles else {
      throw JobsFailure(
        "\(folder) has \(photos.count) photos; at most \(JobDesk.maxFiles) are handed over at once: name a smaller folder, or "
          + "have the service read it itself (--job-folder)")
    }
    return photos
  }

  /// Of what is handed over and asked for: the same again is the same job.
  private func key(
    _ photos: [JobPhoto], _ parameters: [(name: String, value: String)]
  ) -> String {
    var words = parameters.flatMap { [$0.name, $0.value] }
    for photo in photos { words += [photo.name, "\(photo.bytes)", Self.stamp(photo.path)] }
    let text = words.flatMap { Array("\($0.utf8.count):\($0)".utf8) }
    return "run-\(SHA256.hexDigest(of: text).prefix(40))"
  }

  /// When a file was last changed, and which it is.
  private static func stamp(_ path: String) -> String {
    var status = stat()
    guard stat(path.cPath, &status) == 0 else { return "" }
    return "\(status.st_mtim.tv_sec).\(status.st_mtim.tv_nsec)"
  }

  /// - Returns: nil when a signal ended the wait.
  private func wait(for job: JobLook, _ shown: borrowing Mutex<ProgressLine>) throws -> JobLook? {
    var job = job
    var lastHeard = ContinuousClock.now
    while !job.hasEnded {
      guard console.interrupts.signal() == nil else { return nil }
      let now = job
      let reason = now.shownReason.map { " (\($0))" } ?? ""
      shown.withLock { $0.show("\(now.state): \(now.progressText)\(reason)") }
      usleep(Self.lookEvery)
      do {
        job = try JobLook(json: try access.show(job.id))
        lastHeard = .now
      } catch {
        // A service that starts anew is back soon, with the job.
        guard ContinuousClock.now - lastHeard < .seconds(Self.patience) else { throw error }
      }
    }
    return job
  }

  private func write(_ job: JobLook) throws {
    guard let path = settings.output else {
      return try access.result(of: job.id) { try console.output.write($0) }
    }
    let file = try WholeFile(path)
    try access.result(of: job.id) { try file.append($0) }
    try file.finish()
  }
}
