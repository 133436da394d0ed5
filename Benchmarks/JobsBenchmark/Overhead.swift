import Dispatch
import Files
import Images
import PoseFormats
import Stance
import StanceJobs
import StanceService
import Synchronization
import Telemetry

/// What a job costs beside its work: the same photos just so, by as many threads as there are engines, and as a job.
struct Overhead {
  private let finder: any JobPeopleFinder
  private let place: JobPlace
  private let configuration: ServiceConfiguration
  private let photos: [[UInt8]]
  private let items: Int
  private let rounds: Int

  init(_ folder: String, photos: some Collection<String>, _ numbers: Numbers) throws {
    var configuration = ServiceConfiguration()
    configuration.engine.threads = numbers["--threads"] ?? 1
    configuration.pose.search = .quick
    self.configuration = configuration
    guard let finder = try LandmarkerPeopleFinder(configuration).forJobs else {
      throw Refusal("no engines")
    }
    self.finder = finder
    self.photos = try photos.map { try Files.read($0, limit: 64 << 20) }
    items = numbers["--items"] ?? 200
    rounds = numbers["--rounds"] ?? 5
    var options = JobOptions()
    (options.store, options.files) = ("sqlite:\(folder)/jobs.db", "\(folder)/files")
    guard let place = try JobPlace.opened(options, stateDirectory: nil) else {
      throw Refusal("no store")
    }
    self.place = place
  }

  func measure() throws {
    let service = JobService(place, finder: finder, configuration, log: .none)
    let job = HandedOver(place, photos: photos, items: items)
    // Warm: every engine has its networks.
    try direct(count: max(8, 4 * finder.engineCount))
    var (plain, asJob): ([Double], [Double]) = ([], [])
    try service.start()
    try job.wait(for: job.submit())
    service.stop(within: .seconds(60))
    for round in 0..<rounds {
      // In turns, each first every second time, so that what the machine does else falls on both.
      let services = JobService(place, finder: finder, configuration, log: .none)
      func work() throws {
        let id = try job.submit()
        try services.start()
        asJob.append(try seconds { try job.wait(for: id) })
        services.stop(within: .seconds(60))
      }
      if round % 2 == 1 { try work() }
      plain.append(try seconds { try direct(count: items) })
      if round % 2 == 0 { try work() }
    }
    let ratios = zip(asJob, plain).map { $0 / $1 }
    print(
      "\(items) photos, \(finder.engineCount) engines: just so \(shown(plain.median * 1000 / Double(items))) ms a photo, "
        + "as a job \(shown(asJob.median * 1000 / Double(items))) ms; ratio of the medians "
        + "\(shown(asJob.median / plain.median, digits: 3)), of the turns \(shown(ratios.median, digits: 3))"
    )
  }

  private func direct(count: Int) throws {
    let next = Atomic(0)
    let failure = Mutex<(any Error)?>(nil)
    DispatchQueue.concurrentPerform(iterations: finder.engineCount) { _ in
      while true {
        let number = next.wrappingAdd(1, ordering: .relaxed).oldValue
        guard number < count else { return }
        do {
          let photo = try EncodedImage(photos[number % photos.count])
          let result = try finder.resultAndPhoto(for: photo, options: configuration.pose).result
          _ = try ResultsLine.photo(result, file: "\(number).jpg").encoded()
        } catch { failure.withLock { $0 = error } }
      }
    }
    if let error = failure.withLock({ $0 }) { throw error }
  }
}
