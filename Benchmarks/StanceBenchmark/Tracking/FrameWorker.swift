import Images
import Stance

/// Follows people whenever it is told to, from pixels to landmarks, so that it can take turns with another system.
///
/// The frames are decoded beforehand, and played forwards and backwards without end, so that nobody ever jumps.
final class FrameWorker {
  private let tracker: PoseTracker
  private let images: [Image]
  private let frameRate: Double
  private var played = 0

  init(_ arguments: Arguments) throws {
    let images = try arguments.photos.map { try EncodedImage(contentsOf: $0).decode() }
    self.images = images + images.dropFirst().dropLast().reversed()
    frameRate = arguments.frameRate
    tracker = try PoseTracker(arguments.options, engine: arguments.engine)
    // Warm, and past the first sights.
    _ = try work(for: .milliseconds(500))
  }

  func work(for time: Duration) throws -> ReportLine {
    var times: [Double] = []
    var (people, landmarks, looks) = (0, 0, 0)
    let (start, processorStart) = (ContinuousClock.now, processorMilliseconds())
    repeat {
      let image = images[played % images.count]
      times.append(
        try milliseconds {
          let frame = try tracker.track(image, at: Double(played) / frameRate)
          people += frame.people.count
          landmarks += frame.passes.landmarks
          looks += frame.passes.detector + frame.passes.scouts
        })
      played += 1
    } while ContinuousClock.now - start < time
    let processor = processorMilliseconds() - processorStart
    let count = Double(times.count)
    var report = ReportLine()
    report.add("median", times.median)
    report.add("mean", times.reduce(0, +) / count)
    report.add("processor", processor / count)
    report.add("frames", count)
    report.add("people", Double(people) / count)
    report.add("landmarkPasses", Double(landmarks) / count)
    report.add("lookPasses", Double(looks) / count)
    return report
  }
}
