import PoseMotion
import Stance

/// What angles and counts of a frame of twenty people take, as a table.
struct MotionTable {
  private static let people = 20
  private static let frames = 600
  private static let warmUp = 60

  func write() {
    print("| of \(Self.people) people | ms a frame |\n| --- | --- |")
    for (name, options) in [
      ("all \(Angle.all.count) angles, both ways", MotionOptions(angles: Angle.all)),
      ("a count", MotionOptions(counting: .exercise(.squat))),
      ("both", MotionOptions(angles: Angle.all, counting: .exercise(.squat))),
      ("`auto`, while nothing has a name", MotionOptions(counting: .auto)),
    ] {
      print("| \(name) | \((1000 * measure(options)).rounded() / 1000) |")
    }
  }

  /// The mean in milliseconds of the processor.
  private func measure(_ options: MotionOptions) -> Double {
    var analyser = MotionAnalyser(options)
    var start = 0.0
    for index in 0..<Self.frames {
      if index == Self.warmUp { start = processorMilliseconds() }
      let frame = TrackedFrame(
        index: index, time: Double(index) / 30, result: Self.results[index % Self.results.count],
        lost: [])
      let motion = analyser.add(frame)
      precondition(motion.people.count == Self.people)
    }
    return (processorMilliseconds() - start) / Double(Self.frames - Self.warmUp)
  }

  /// People whose legs bend and stretch, half a turn in each second.
  private static let results: [PoseResult] = (0..<30).map { index in
    let bend = Float(index) / 30
    let people = (1...people).map { id in
      func landmarks<Frame>(_ scale: Float) -> Landmarks<Frame> {
        Landmarks(
          (0..<LandmarkName.count).map { place in
            let side: Float = place % 2 == 0 ? -0.1 : 0.1
            let height = Float(place) / 33
            return Landmark(
              x: scale * (0.5 + side + 0.1 * bend * Float(place % 5)), y: scale * height,
              z: side * bend, visibility: 1, presence: 1)
          })
      }
      return Person(
        id: id, score: nil, presence: 1, confidence: 1,
        box: PixelBox(x: 0, y: 0, width: 1, height: 1), landmarks: landmarks(0.9),
        worldLandmarks: landmarks(1.7))
    }
    return PoseResult(
      imageSize: ImageSize(width: 1280, height: 720), complexity: .full, search: .auto,
      precision: .f32, people: people, timing: PoseTiming())
  }
}
