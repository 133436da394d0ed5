import Dispatch
import Images
import Stance
import Synchronization

/// Detects when it is told to, so that it can take turns with another system.
struct Worker {
  private let landmarker: PoseLandmarker
  private let photos: [EncodedImage]
  /// Threads that ask for stills at once: as many as there are engines.
  private let callers: Int

  init(_ arguments: Arguments) throws {
    photos = try arguments.photos.map { try EncodedImage(contentsOf: $0) }
    landmarker = try PoseLandmarker(arguments.options, engine: arguments.engine)
    callers = arguments.engine.profile == .throughput ? arguments.engine.threads ?? 1 : 1
    // Warm: every engine has its networks, every buffer was touched.
    _ = try run(for: .milliseconds(300))
  }

  func work(for time: Duration) throws -> ReportLine {
    let (times, people, elapsed) = try run(for: time)
    var report = ReportLine()
    report.add("median", times.median)
    report.add("mean", times.reduce(0, +) / Double(times.count))
    report.add("stills", Double(times.count))
    report.add("perSecond", Double(times.count) / elapsed * 1e3)
    report.add("people", Double(people) / Double(times.count))
    return report
  }

  /// Whole passes over the photos by every caller until the time is over.
  private func run(
    for time: Duration
  ) throws -> (times: [Double], people: Int, elapsed: Double) {
    struct Tally {
      var times: [Double] = []
      var people = 0
      var failure: (any Error)?
    }
    let tally = Mutex(Tally())
    let start = ContinuousClock.now
    DispatchQueue.concurrentPerform(iterations: callers) { _ in
      var mine = Tally()
      do {
        repeat {
          for photo in photos {
            mine.times.append(
              try milliseconds { mine.people += try landmarker.result(for: photo).people.count })
          }
        } while ContinuousClock.now - start < time
      } catch { mine.failure = error }
      tally.withLock {
        $0.times += mine.times
        $0.people += mine.people
        $0.failure = $0.failure ?? mine.failure
      }
    }
    let elapsed = (ContinuousClock.now - start).milliseconds
    let all = tally.withLock { $0 }
    if let failure = all.failure { throw failure }
    return (all.times, all.people, elapsed)
  }
}
