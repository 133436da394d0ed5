import Glibc
import TestSupport
import Testing

@testable import Stance

/// All at 30 frames a second with MediaPipe's constants, on whole poses; distances in body sizes.
@Suite("Smoothed poses")
struct PoseFilterTests {
  private static let (rate, size) = (30.0, Float(200))

  /// What becomes of one body, moved to the right by `shift` body sizes and disturbed by `noise` at each landmark.
  private static func filtered(
    frames: Int, _ smoothing: Smoothing = .oneEuro, shift: (Double) -> Double = { _ in 0 },
    noise: () -> Float = { 0 }
  ) -> [(raw: PoseEstimate, smoothed: PoseEstimate)] {
    var filter = PoseFilter()
    return (0..<frames).map { frame in
      let time = Double(frame) / rate
      let body = MadeUpBody(1, x: 300 + size * Float(shift(time)), size: size)
      var raw = body.estimate(in: body.region, score: 1, presence: 1)
      raw.landmarks = Landmarks(
        raw.landmarks.map { landmark in
          var moved = landmark
          moved.x += noise() * size
          moved.y += noise() * size
          return moved
        })
      return (raw, filter.filter(raw, at: time, smoothing))
    }
  }

  /// The root mean square of the second differences of all landmarks, in body sizes.
  private static func jitter(_ estimates: some Collection<PoseEstimate>) -> Double {
    let all = Array(estimates)
    var (sum, count) = (0.0, 0)
    for landmark in 0..<LandmarkName.count {
      for value in [\Landmark<Pixels>.x, \.y] {
        let line = all.map { Double($0.landmarks[landmark][keyPath: value] / size) }
        for index in 1..<line.count - 1 {
          let difference = line[index + 1] - 2 * line[index] + line[index - 1]
          sum += difference * difference
          count += 1
        }
      }
    }
    return (sum / Double(count)).squareRoot()
  }

  @Test("of a still person tremble at most a fifth as much under noise of SD 0.002 region sides")
  func still() {
    var random = SplitMix(seed: 2)
    func normal() -> Float {
      // Box and Muller's.
      let (a, b) = (
        Double.random(in: 1e-12..<1, using: &random), Double.random(in: 0..<1, using: &random)
      )
      return Float((-2 * log(a)).squareRoot() * cos(2 * .pi * b))
    }
    let deviation = 0.002 * RegionOfInterest.expansion
    let frames = Self.filtered(frames: 300, noise: { deviation * normal() }).dropFirst(30)
    #expect(Self.jitter(frames.map(\.raw)) >= 5 * Self.jitter(frames.map(\.smoothed)))
  }

  @Test(
    "of a person who moves evenly lag by at most a frame from one body size a second on",
    arguments: [0.25, 0.5, 1, 2, 4])
  func ramp(speed: Double) {
    let frames = Self.filtered(frames: 90) { speed * $0 }
    for (raw, smoothed) in frames.dropFirst(30) {
      for (a, b) in zip(raw.landmarks, smoothed.landmarks) {
        let lag = Double((a.x - b.x) / Self.size) / speed * Self.rate
        #expect(lag > -0.01 && lag <= 1, "\(lag) frames")
      }
    }
  }

  @Test(
    "of a person who swings keep the amplitude: 0.1 body sizes to each side",
    arguments: [(0.5, 0.03), (1, 0.03), (2, 0.03), (4, 0.05), (8, 0.15)])
  func swing(frequency: Double, loss: Double) {
    let frames = Self.filtered(frames: 600) { 0.1 * sin(2 * .pi * frequency * $0) }
    func amplitude(_ estimates: [PoseEstimate]) -> Double {
      // The part of that frequency in what comes after the first second: whole periods.
      var (sine, cosine) = (0.0, 0.0)
      for (index, estimate) in estimates.enumerated() {
        let phase = 2 * .pi * frequency * Double(index) / Self.rate
        let place = Double(estimate.landmarks[.leftWrist].x)
        sine += place * sin(phase)
        cosine += place * cos(phase)
      }
      return hypot(sine, cosine)
    }
    let steady = frames.suffix(480)
    let kept = amplitude(steady.map(\.smoothed)) / amplitude(steady.map(\.raw))
    #expect(abs(1 - kept) <= loss, "\(kept)")
  }

  @Test(
    "are the model's where smoothing is off, but for the points that the next region comes from")
  func off() {
    for (raw, smoothed) in Self.filtered(frames: 30, .off, shift: { sin(5 * $0) }) {
      #expect(smoothed.landmarks == raw.landmarks)
      #expect(smoothed.worldLandmarks == raw.worldLandmarks)
      #expect(smoothed.presence == raw.presence)
    }
    let last = Self.filtered(frames: 30, .off, shift: { sin(5 * $0) }).last
    #expect(last?.smoothed.auxiliary != last?.raw.auxiliary)
  }

  @Test("are smoothed in metres too, and in how visible their points are")
  func worldAndVisibility() throws {
    let body = MadeUpBody(1, x: 300)
    var filter = PoseFilter()
    var raw = body.estimate(in: body.region, score: 1, presence: 1)
    _ = filter.filter(raw, at: 0, .oneEuro)
    for index in 0..<LandmarkName.count {
      raw.landmarks[index].visibility = 0
      raw.worldLandmarks[index].x += 0.001
    }
    let smoothed = filter.filter(raw, at: 1 / Self.rate, .oneEuro)
    for index in 0..<LandmarkName.count {
      #expect(smoothed.landmarks[index].visibility > 0.5)
      #expect(smoothed.worldLandmarks[index].x < raw.worldLandmarks[index].x)
      #expect(smoothed.landmarks[index].support == raw.landmarks[index].support)
    }
  }

  @Test("belong to a track: after a loss the first sight is shown as the model gave it")
  func begunAnew() throws {
    let scene = MadeUpScene { time in
      (1.0..<1.4).contains(time) ? [] : [MadeUpBody(1, x: 200 + 50 * Float(time))]
    }
    let frames = try scene.live(times(30, to: 3))
    func isRaw(_ frame: TrackedFrame) -> Bool {
      frame.people.first?.landmarks[.nose].x == scene.rawNose(at: frame.time)
    }
    let steady = try #require(frames.last { $0.time < 1 })
    let back = try #require(frames.first { $0.time >= 1.4 && !$0.people.isEmpty })
    #expect(back.people.first?.id == 1)
    #expect(!isRaw(steady))
    #expect(isRaw(back))
    #expect(!isRaw(try #require(frames.last)))
    let off = try scene.live(times(30, to: 3), PoseOptions(), TrackingOptions(smoothing: .off))
    #expect(off.allSatisfy { $0.people.isEmpty || isRaw($0) })
  }

  @Test("of one person do not depend on who else is there")
  func apart() throws {
    let alone = MadeUpScene { time in [MadeUpBody(1, x: 150 + 40 * Float(sin(time)))] }
    let both = MadeUpScene { time in
      alone.bodies(time) + [MadeUpBody(2, x: 450 + 80 * Float(cos(3 * time)), size: 160)]
    }
    let times = times(30, to: 3)
    for (one, two) in zip(try alone.live(times), try both.live(times)) {
      #expect(one.people.first?.landmarks == two.people.first { $0.id == 1 }?.landmarks)
    }
  }
}
