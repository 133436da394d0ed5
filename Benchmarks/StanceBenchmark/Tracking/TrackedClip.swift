import FoundationEssentials
import Glibc
import Images
import PoseFormats
import Stance

/// Follows the people through the frames of a clip, given as pictures, and prints what `stance video --json` would.
///
/// The last line counts what it took: `{"frames": …, "people": …, "landmarkPasses": …, "detectorPasses": …,
/// "scoutPasses": …}`, people being bodies in frames.
struct TrackedClip {
  private struct Spent: Encodable {
    var frames = 0
    var people = 0
    var landmarkPasses = 0
    var detectorPasses = 0
    var scoutPasses = 0
  }

  private let pictures: [String]
  private let frameRate: Double
  private var tracker: ClipTracker
  private var spent = Spent()

  init(_ arguments: Arguments) throws {
    (pictures, frameRate) = (arguments.photos, arguments.frameRate)
    tracker = try ClipTracker(arguments.options, engine: arguments.engine)
  }

  mutating func write() throws {
    for (number, picture) in pictures.enumerated() {
      let image = try EncodedImage(contentsOf: picture).decode()
      for frame in try tracker.add(image, at: Double(number) / frameRate) { try write(frame) }
    }
    for frame in tracker.finish() { try write(frame) }
    print(String(decoding: try JSONEncoder().encode(spent), as: UTF8.self))
  }

  private mutating func write(_ frame: TrackedFrame) throws {
    spent.frames += 1
    spent.people += frame.people.count
    spent.landmarkPasses += frame.passes.landmarks
    spent.detectorPasses += frame.passes.detector
    spent.scoutPasses += frame.passes.scouts
    print(String(decoding: try ResultsLine.frame(frame).encoded(), as: UTF8.self), terminator: "")
  }
}
