import Images
import Stance
import TestSupport
import Testing

@Suite(
  "Trackers with the models", .serialized,
  .enabled(if: Requirements.goldens, "\(Requirements.missingGoldens)"))
struct PoseTrackerTests {
  private static func frames(_ count: Int) throws -> [Image] {
    try (0..<count).map { try TestData.image("parity/seq_squats/00\($0).png") }
  }

  /// What must be equal to the last bit; times that it took can't be.
  private struct Shown: Equatable {
    var index: Int
    var time: Double
    var people: [Person]
    var lost: [Int]

    init(_ frame: TrackedFrame) {
      (index, time) = (frame.index, frame.time)
      (people, lost) = (frame.people, frame.lost)
    }
  }

  private static func shown(
    _ frames: [Image], _ landmarker: PoseLandmarker
  ) throws -> [Shown] {
    let tracker = try PoseTracker(with: landmarker)
    return try frames.enumerated().map { index, image in
      Shown(try tracker.track(image, at: Double(index) / 30))
    }
  }

  @Test("give the same frames the same results to the last bit, also at the same time")
  func deterministic() async throws {
    let frames = try Self.frames(6)
    let landmarker = try PoseLandmarker(
      engine: EngineOptions(profile: .throughput, threads: 2))
    let alone = try Self.shown(frames, landmarker)
    #expect(alone.last?.people.map(\.id) == [1])
    let together = try await withThrowingTaskGroup(of: [Shown].self) { group in
      for _ in 0..<3 { group.addTask { try Self.shown(frames, landmarker) } }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(together.count == 3)
    for shown in together { #expect(shown == alone) }
  }

  @Test("begin anew after a reset: with frame 0, any time and id 1")
  func reset() throws {
    let frames = try Self.frames(4)
    let landmarker = try PoseLandmarker(engine: EngineOptions(threads: 1))
    let tracker = try PoseTracker(with: landmarker)
    func run() throws -> [Shown] {
      try frames.enumerated().map { Shown(try tracker.track($1, at: Double($0) / 30)) }
    }
    let first = try run()
    #expect(first.last?.people.map(\.id) == [1])
    #expect(throws: PoseError.self) { try tracker.track(frames[0], at: 0) }
    tracker.reset()
    #expect(try run() == first)
  }

  @Test("refuse a time that is not later, and go on as if the frame had not been")
  func badTime() throws {
    let frames = try Self.frames(4)
    let landmarker = try PoseLandmarker(
      PoseOptions(maxPeople: 1, search: .quick), engine: EngineOptions(threads: 1))
    let undisturbed = try Self.shown(frames, landmarker)
    let tracker = try PoseTracker(with: landmarker)
    var clip = try ClipTracker(with: landmarker)
    for (index, image) in frames.enumerated() {
      let time = Double(index) / 30
      #expect(Shown(try tracker.track(image, at: time)) == undisturbed[index])
      #expect(try clip.add(image, at: time).map(Shown.init) == [undisturbed[index]])
      for bad in [time, time - 1, .nan, .infinity] {
        let error = #expect(throws: PoseError.self) { try tracker.track(frames[0], at: bad) }
        #expect(error?.code == .badTime)
        #expect(throws: PoseError.self) { try clip.add(frames[0], at: bad) }
      }
    }
    #expect(clip.finish().isEmpty)
  }

  @Test("go on with other options, keep the ids, and refuse options out of range")
  func change() throws {
    let frames = try Self.frames(4)
    let landmarker = try PoseLandmarker(
      PoseOptions(maxPeople: 1, search: .quick), engine: EngineOptions(threads: 1))
    let tracker = try PoseTracker(with: landmarker)
    let first = try tracker.track(frames[0], at: 0)
    #expect(first.people.map(\.id) == [1] && first.people.first?.mask == nil)
    let masked = PoseOptions(
      complexity: landmarker.options.complexity, maxPeople: 1, search: .quick, segmentation: true)
    try tracker.change(masked, tracking: TrackingOptions(smoothing: .off))
    let second = try tracker.track(frames[1], at: 0.04)
    #expect(second.people.map(\.id) == [1] && second.people.first?.mask != nil)
    for (options, tracking) in [
      (PoseOptions(maxPeople: 0), TrackingOptions()), (masked, TrackingOptions(memory: -1)),
      (masked, TrackingOptions(smoothing: .zeroLag)),
    ] {
      #expect(throws: PoseError.self) { try tracker.change(options, tracking: tracking) }
    }
    #expect(try tracker.track(frames[2], at: 0.08).people.first?.mask != nil)
  }

  @Test("encoded frames give what their pixels give, and a damaged one changes nothing")
  func encoded() async throws {
    let frames = try Self.frames(3)
    let landmarker = try PoseLandmarker(
      PoseOptions(maxPeople: 1, search: .quick), engine: EngineOptions(threads: 1))
    let undisturbed = try Self.shown(frames, landmarker)
    let tracker = try PoseTracker(with: landmarker)
    for (index, image) in frames.enumerated() {
      let bytes = try ImageEncoder.encode(image, as: .png)
      let damaged = try EncodedImage(Array(bytes.dropLast(bytes.count / 2)))
      let time = Double(index) / 30
      await #expect(throws: ImageError.self) { try await tracker.track(damaged, at: time) }
      let tracked = try await tracker.track(EncodedImage(bytes), at: time)
      #expect(Shown(tracked) == undisturbed[index])
      #expect(tracked.result.timing.total > tracked.result.timing.decode)
    }
  }

  @Test("share nothing: a second session knows nobody of the first")
  func sessions() throws {
    let frames = try Self.frames(2)
    let landmarker = try PoseLandmarker(
      PoseOptions(maxPeople: 1, search: .quick), engine: EngineOptions(threads: 1))
    let (first, second) = (
      try PoseTracker(with: landmarker), try PoseTracker(with: landmarker)
    )
    let one = try first.track(frames[0], at: 5)
    _ = try first.track(frames[1], at: 5.1)
    let other = try second.track(frames[0], at: 5)
    #expect(Shown(one) == Shown(other))
  }

  @Test("a copy of a file's tracker goes its own way")
  func copies() throws {
    let frames = try Self.frames(2)
    let landmarker = try PoseLandmarker(
      PoseOptions(maxPeople: 1, search: .quick), engine: EngineOptions(threads: 1))
    var clip = try ClipTracker(with: landmarker)
    _ = try clip.add(frames[0], at: 0)
    var copy = clip
    _ = try copy.add(
      Image(
        size: frames[0].size,
        bgrx: Array(
          repeating: 0, count: Image.bytesPerPixel * frames[0].size.pixelCount)), at: 0.03)
    let after = try clip.add(frames[1], at: 0.03).map(Shown.init)
    var undisturbed = try ClipTracker(with: landmarker)
    _ = try undisturbed.add(frames[0], at: 0)
    #expect(after == (try undisturbed.add(frames[1], at: 0.03).map(Shown.init)))
    #expect(after.first?.people.map(\.id) == [1])
  }

  @Test("a frame has the number that the source gives it, or the next one")
  func index() throws {
    let frames = try Self.frames(4)
    var clip = try ClipTracker(
      PoseOptions(maxPeople: 1, search: .quick), engine: EngineOptions(threads: 1))
    var indices = try clip.add(frames[0], at: 0, index: 10).map(\.index)
    indices += try clip.add(frames[1], at: 0.1).map(\.index)
    indices += try clip.add(frames[2], at: 0.2, index: 20).map(\.index)
    indices += try clip.add(frames[3], at: 0.3).map(\.index)
    #expect(indices + clip.finish().map(\.index) == [10, 11, 20, 21])
  }

  @Test("options out of range are refused")
  func options() throws {
    let landmarker = try PoseLandmarker(
      PoseOptions(maxPeople: 1, search: .quick), engine: EngineOptions(threads: 1))
    for tracking in [
      TrackingOptions(memory: -1), TrackingOptions(memory: .nan), TrackingOptions(memory: 61),
      TrackingOptions(follow: .id(0)), TrackingOptions(passes: 0), TrackingOptions(passes: 3),
      TrackingOptions(smoothing: .zeroLag, passes: 1), TrackingOptions(cutoff: 0),
      TrackingOptions(cutoff: .nan),
    ] {
      let error = #expect(throws: PoseError.self) {
        try PoseTracker(with: landmarker, tracking: tracking)
      }
      #expect(error?.code == .badOption)
      #expect(throws: PoseError.self) { try ClipTracker(with: landmarker, tracking: tracking) }
    }
    #expect(throws: PoseError.self) {
      try PoseTracker(with: landmarker, options: PoseOptions(maxPeople: 0))
    }
    // Live pictures are gone through once.
    for tracking in [TrackingOptions(passes: 2), TrackingOptions(smoothing: .zeroLag)] {
      let error = #expect(throws: PoseError.self) {
        try PoseTracker(with: landmarker, tracking: tracking)
      }
      #expect(error?.message.contains("live") == true)
      _ = try ClipTracker(with: landmarker, tracking: tracking)
    }
  }
}
