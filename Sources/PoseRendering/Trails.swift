import Images
import Stance

/// Where people's hips, wrists and ankles were in the last moments of a clip.
struct Trails: Sendable {
  /// What a trail follows: the middle of the hips and these.
  private static let joints: [LandmarkName] = [.leftWrist, .rightWrist, .leftAnkle, .rightAnkle]
  /// Seconds without a frame after which nothing before counts.
  private static let maxGap = 1.0
  /// Samples closer in time than this make way for the next one.
  private static let step = ClipRenderer.trailDuration / 48
  /// The most samples of a person, and the most people: those unseen for longest are forgotten first.
  static let (maxSamples, maxPeople) = (96, 200)
  /// A point does not move farther between two frames than so many metres and so many metres a second: else it is
  /// another one. Sprinters' feet reach 20 m/s; landmarks jitter.
  private static let (slack, maxSpeed) = (0.25, 20.0)
  /// Steps of fading.
  private static let bands = 12
  private static let opacity = 0.8

  /// A person's points in one frame.
  private struct Sample {
    var time: Double
    /// Nil where it was not seen.
    var points: [Point?]
    /// Whether a line leads here from the sample before.
    var isJoined: [Bool]

    /// Whether nothing would be missed between the sample before and the one after.
    var isPassage: Bool { zip(points, isJoined).allSatisfy { $0 == nil || $1 } }
  }

  private struct Trail {
    var samples: [Sample] = []
    var thickness = 0.0
  }

  private var trails: [Int: Trail] = [:]
  private var lastTime: Double?

  /// How many samples are held.
  var sampleCount: Int { trails.values.reduce(0) { $0 + $1.samples.count } }

  /// Forgets everybody.
  mutating func forget() { trails = [:] }

  /// Takes in the next frame.
  mutating func add(_ frame: TrackedFrame, in size: ImageSize, style: DrawingStyle) {
    let elapsed = lastTime.map { frame.time - $0 } ?? 0
    if !(elapsed >= 0 && elapsed <= Self.maxGap) { forget() }
    for person in frame.people {
      guard let id = person.id else { continue }
      add(person, at: frame.time, elapsed, to: &trails[id, default: Trail()], size, style)
    }
    lastTime = frame.time
    forgetOld(at: frame.time)
  }

  private func add(
    _ person: Person, at time: Double, _ elapsed: Double, to trail: inout Trail, _ size: ImageSize,
    _ style: DrawingStyle
  ) {
    let points = Self.points(of: person, in: size)
    let scale = StrokeSizes.pixelsPerMetre(of: person, in: size) ?? .infinity
    let reach = scale * (Self.slack + Self.maxSpeed * elapsed)
    let last = trail.samples.last.flatMap { $0.time == lastTime ? $0 : nil }
    let isJoined = points.indices.map { index in
      guard let point = points[index], let before = last?.points[index] else { return false }
      return point.distance(to: before) <= reach
    }
    let count = trail.samples.count
    if let last, count >= 2, time - trail.samples[count - 2].time < Self.step, last.isPassage,
      zip(points, isJoined).allSatisfy({ $0 == nil || $1 })
    {
      trail.samples.removeLast()
    }
    trail.samples.append(Sample(time: time, points: points, isJoined: isJoined))
    if trail.samples.count > Self.maxSamples { trail.samples.removeFirst() }
    trail.thickness = StrokeSizes(for: person, in: size, style: style).thickness
  }

  /// The points that were seen; those that were guessed would draw what nobody did.
  private static func points(of person: Person, in size: ImageSize) -> [Point?] {
    let landmarks = person.landmarks.pixels(in: size)
    func point(_ name: LandmarkName) -> Point? {
      let landmark = landmarks[name]
      guard person.landmarks[name].seen, landmark.x.isFinite, landmark.y.isFinite else {
        return nil
      }
      return Point(x: Double(landmark.x), y: Double(landmark.y))
    }
    var hips: Point?
    if let left = point(.leftHip), let right = point(.rightHip) {
      hips = Point(x: (left.x + right.x) / 2, y: (left.y + right.y) / 2)
    }
    return [hips] + joints.map(point)
  }

  private mutating func forgetOld(at time: Double) {
    for (id, trail) in trails {
      let kept = trail.samples.drop { time - $0.time > ClipRenderer.trailDuration }
      if kept.isEmpty {
        trails[id] = nil
      } else if kept.count < trail.samples.count {
        trails[id]?.samples = Array(kept)
      }
    }
    guard trails.count > Self.maxPeople else { return }
    let newestFirst = trails.sorted {
      ($0.value.samples.last?.time ?? 0, $0.key) > ($1.value.samples.last?.time ?? 0, $1.key)
    }
    for (id, _) in newestFirst.dropFirst(Self.maxPeople) { trails[id] = nil }
  }

  /// Draws all trails as they are at a time, the lowest id on top.
  func draw(at time: Double, on canvas: borrowing Canvas) {
    for (id, trail) in trails.sorted(by: { $0.key > $1.key }) {
      let color = PersonColors(id: id).bone
      for (band, lines) in Self.lines(of: trail, at: time).enumerated().reversed() {
        let freshness = 1 - (Double(band) + 0.5) / Double(Self.bands)
        canvas.strokeLines(
          lines, width: trail.thickness * (0.35 + 0.65 * freshness),
          color: color.faded(to: Self.opacity * freshness))
      }
    }
  }

  /// The lines of each step of fading, the freshest first.
  private static func lines(of trail: Trail, at time: Double) -> [[[Point]]] {
    var lines = [[[Point]]](repeating: [], count: bands)
    let samples = trail.samples
    for index in 0...joints.count {
      var openBand: Int?
      for (before, sample) in zip(samples, samples.dropFirst()) {
        guard sample.isJoined[index], let start = before.points[index],
          let end = sample.points[index]
        else {
          openBand = nil
          continue
        }
        let age = time - (before.time + sample.time) / 2
        let band = min(bands - 1, max(0, Int(age / ClipRenderer.trailDuration * Double(bands))))
        if band == openBand {
          lines[band][lines[band].count - 1].append(end)
        } else {
          lines[band].append([start, end])
          openBand = band
        }
      }
    }
    return lines
  }
}
