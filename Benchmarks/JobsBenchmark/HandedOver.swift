import Files
import Glibc
import StanceJobs
import StanceService

/// A job on photos, handed over as the service does it, and waited for.
struct HandedOver {
  private let place: JobPlace
  private let photos: [[UInt8]]
  private let items: Int

  init(
    _ address: String, files: String, photos: some Collection<String>, _ numbers: Numbers
  ) throws {
    var options = JobOptions()
    (options.store, options.files) = (address, files)
    guard let place = try JobPlace.opened(options, stateDirectory: nil) else {
      throw Refusal("no store")
    }
    try self.init(
      place, photos: photos.map { try Files.read($0, limit: 64 << 20) },
      items: numbers["--items"] ?? 200)
  }

  init(_ place: JobPlace, photos: [[UInt8]], items: Int) {
    (self.place, self.photos, self.items) = (place, photos, items)
  }

  func measure() throws {
    let id = try submit()
    print(shown(try seconds { try wait(for: id) }, digits: 3))
  }

  /// Not begun before it is accepted, so that what is measured is the work.
  func submit() throws -> JobID {
    let specification = try JobSpecification(
      .photos, parameters: [("search", "quick")], ServiceConfiguration())
    let id = JobID()
    let inputs = try (0..<items).map { number in
      let file = try place.files.make(.input(number), of: id, as: .input)
      try file.append(photos[number % photos.count])
      _ = try file.finish()
      return JobItemInput(file: .input(number), name: "\(number).jpg").encoded
    }
    guard
      try place.store.submit(NewJob(id: id, specification: specification.encoded, items: inputs))
        == .accepted
    else { throw Refusal("the job was not accepted") }
    return id
  }

  func wait(for id: JobID) throws {
    while true {
      guard let job = try place.store.job(id) else { throw Refusal("the job is gone") }
      if job.ended != nil {
        guard job.state == .done, job.progress.failed == 0 else {
          throw Refusal("the job ended as \(job.state): \(job.reason ?? "items failed")")
        }
        return
      }
      usleep(2000)
    }
  }
}
