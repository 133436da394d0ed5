public import Stance

/// Tells which labelled poses a pose is like: k nearest neighbours, as MediaPipe's guide has it. Nothing was trained.
///
/// Of all samples the thirty with the smallest largest difference are taken, so that one limb in another place rules a sample
/// out; of these the ten with the smallest mean difference vote, or as many as the rarest label has samples, so that a label of
/// five can win. A mirrored pose is the same. A pose that is farther from its neighbours than 95 % of the label's own samples
/// are from theirs in other clips has no label; of one's own samples that distance is at least and at most what it is of the
/// built-in labels, ``limitRange``.
public struct PostureClassifier: Sendable, Hashable {
  /// What a pose is like.
  public struct Answer: Sendable, Hashable {
    /// The label with the most votes; nil where the pose is too far from all samples.
    public var label: String?
    /// Votes of each label, 0...1; less than 1 together where samples speak for none.
    public var votes: [String: Double]
    /// The mean difference to the samples that voted; the pose's size is 100.
    public var distance: Double
  }

  private static let byLargest = 30
  private static let byMean = 10
  /// The share of a label's own samples that its distance has to take in.
  private static let share = 0.95
  /// A label's distance is taken from at most so many of its samples.
  private static let mostJudged = 256

  /// Between these the limits of one's own labels lie, where a body's size is 100: samples that were taken in one go lie so near
  /// each other that nobody else would be near, and a label of one sample has no distances of its own.
  public static let limitRange = 7.8...15.6

  /// The labels, in order of the alphabet.
  public var labels: [String] { classes.filter { $0 != PostureSample.none } }
  /// From which distance on a pose is none, for each label.
  public let limits: [String: Double]
  /// The labels, and the word for none of them, where there are such samples.
  private let classes: [String]
  private let sampleLabels: [Int]
  private let clips: [String?]
  private let values: [Float]
  /// How many of the nearest vote.
  private let voters: Int

  /// A classifier by these samples.
  ///
  /// - Parameter besideBuiltIn: whether the built-in ones count too, so that who squats is not taken for the pose that is
  ///   nearest to squatting among one's own.
  public init(_ samples: [PostureSample], besideBuiltIn: Bool = false) {
    let own = PostureClassifier(
      besideBuiltIn ? PostureSample.builtIn + PostureSample.lying + samples : samples, limits: nil)
    // Judged once the samples lie in one array.
    var limits = own.measuredLimits(of: Set(samples.map(\.label)).subtracting([PostureSample.none]))
    if besideBuiltIn { limits.merge(Self.builtIn.limits) { max($0, $1) } }
    self.init(own, limits: limits)
  }

  private init(_ other: PostureClassifier, limits: [String: Double]) {
    (classes, sampleLabels, clips) = (other.classes, other.sampleLabels, other.clips)
    (values, voters) = (other.values, other.voters)
    self.limits = limits
  }

  private init(_ samples: [PostureSample], limits: [String: Double]?) {
    classes = Set(samples.map(\.label)).sorted()
    let places = Dictionary(uniqueKeysWithValues: classes.enumerated().map { ($1, $0) })
    sampleLabels = samples.map { places[$0.label] ?? 0 }
    clips = samples.map(\.clip)
    values = samples.flatMap(\.embedding.values)
    self.limits = limits ?? [:]
    let labelled = samples.lazy.map(\.label).filter { $0 != PostureSample.none }
    let counts = Dictionary(labelled.map { ($0, 1) }, uniquingKeysWith: +)
    voters = min(Self.byMean, counts.values.min() ?? Self.byMean)
  }

  /// By labels and their limits: samples that differ alone are rare, and many.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(limits)
    hasher.combine(sampleLabels.count)
  }

  /// By Google's samples, beside which those who stand, turned to lie, speak for none; their limits were measured with the clips' names, which are not kept.
  public static let builtIn = PostureClassifier(
    PostureSample.builtIn + PostureSample.lying,
    limits: [
      "pushups_up": 10.1, "pushups_down": 15.6, "squats_up": 7.8, "squats_down": 11.2,
    ])

  /// What a person's pose is like; nil where the landmarks lie on one point.
  public func classify(_ person: Person, in size: ImageSize) -> Answer? {
    PoseEmbedding(BodyPoints(person, in: size).solid).map { classify($0) }
  }

  /// What a sample is like, by those of other clips.
  public func classify(_ sample: PostureSample) -> Answer {
    classify(sample.embedding, without: Omission(clip: sample.clip))
  }

  func classify(_ embedding: PoseEmbedding, without omission: Omission = Omission()) -> Answer {
    let nearest = nearest(to: embedding.values, without: omission)
    guard !nearest.isEmpty else { return Answer(label: nil, votes: [:], distance: .infinity) }
    var counts = [Int](repeating: 0, count: classes.count)
    for neighbour in nearest { counts[sampleLabels[neighbour.sample]] += 1 }
    let winner = counts.indices.max { counts[$0] < counts[$1] }.map { classes[$0] }
    let most = winner == PostureSample.none ? nil : winner
    let votes = zip(classes, counts).filter { $0 != PostureSample.none && $1 > 0 }
      .map { ($0, Double($1) / Double(nearest.count)) }
    let distance = nearest.reduce(0) { $0 + Double($1.distance) } / Double(nearest.count)
    let isNear = most.flatMap { limits[$0] }.map { distance <= $0 } ?? true
    return Answer(
      label: isNear ? most : nil, votes: Dictionary(uniqueKeysWithValues: votes),
      distance: distance)
  }

  /// Samples that don't count.
  struct Omission {
    var clip: String?
    var sample: Int?
  }

  private struct Neighbour {
    var sample: Int
    var distance: Float
  }

  private func nearest(to pose: [Float], without omission: Omission) -> [Neighbour] {
    var byLargest: [Neighbour] = []
    var byMean: [Neighbour] = []
    values.withUnsafeBufferPointer { values in
      pose.withUnsafeBufferPointer { pose in
        for sample in sampleLabels.indices
        where sample != omission.sample && (omission.clip == nil || clips[sample] != omission.clip)
        {
          let limit = byLargest.count < Self.byLargest ? .infinity : byLargest.last?.distance
          let largest = Self.largest(values, sample, pose, below: limit ?? .infinity)
          Self.insert(
            Neighbour(sample: sample, distance: largest), into: &byLargest, Self.byLargest)
        }
        for neighbour in byLargest {
          let mean = Self.mean(values, neighbour.sample, pose)
          Self.insert(
            Neighbour(sample: neighbour.sample, distance: mean), into: &byMean, voters)
        }
      }
    }
    return byMean
  }

  /// The largest difference of the pose, or of the mirrored one if that is nearer; infinite once it can't be below.
  private static func largest(
    _ values: UnsafeBufferPointer<Float>, _ sample: Int, _ pose: UnsafeBufferPointer<Float>,
    below limit: Float
  ) -> Float {
    let base = sample * PoseEmbedding.count
    var (straight, mirrored) = (Float.zero, Float.zero)
    var place = 0
    while place < PoseEmbedding.count {
      let x = values[base + place]
      let rest = max(
        abs(values[base + place + 1] - pose[place + 1]),
        abs(values[base + place + 2] - pose[place + 2]))
      straight = max(straight, abs(x - pose[place]), rest)
      mirrored = max(mirrored, abs(x + pose[place]), rest)
      if min(straight, mirrored) >= limit { return .infinity }
      place += 3
    }
    return min(straight, mirrored)
  }

  private static func mean(
    _ values: UnsafeBufferPointer<Float>, _ sample: Int, _ pose: UnsafeBufferPointer<Float>
  ) -> Float {
    let base = sample * PoseEmbedding.count
    var (straight, mirrored) = (Float.zero, Float.zero)
    for place in stride(from: 0, to: PoseEmbedding.count, by: 3) {
      let x = values[base + place]
      let rest =
        abs(values[base + place + 1] - pose[place + 1])
        + abs(values[base + place + 2] - pose[place + 2])
      straight += abs(x - pose[place]) + rest
      mirrored += abs(x + pose[place]) + rest
    }
    return min(straight, mirrored) / Float(PoseEmbedding.count)
  }

  /// Keeps a sorted list of the nearest.
  private static func insert(_ neighbour: Neighbour, into list: inout [Neighbour], _ most: Int) {
    guard neighbour.distance.isFinite else { return }
    if list.count == most {
      guard let last = list.last, neighbour.distance < last.distance else { return }
      list.removeLast()
    }
    let place = list.firstIndex { $0.distance > neighbour.distance } ?? list.endIndex
    list.insert(neighbour, at: place)
  }

  /// How far 95 % of each label's samples are from their neighbours in other clips; of a label with one clip, from those that
  /// are not themselves.
  private func measuredLimits(of wanted: Set<String>) -> [String: Double] {
    var limits: [String: Double] = [:]
    for (label, name) in classes.enumerated() where wanted.contains(name) {
      let own = sampleLabels.indices.filter { sampleLabels[$0] == label }
      let hasOneClip = Set(own.map { clips[$0] }).count == 1
      let step = max(1, own.count / Self.mostJudged)
      let distances = stride(from: 0, to: own.count, by: step).map { place in
        let base = own[place] * PoseEmbedding.count
        let nearest = nearest(
          to: Array(values[base..<base + PoseEmbedding.count]),
          without: Omission(clip: hasOneClip ? nil : clips[own[place]], sample: own[place]))
        return nearest.reduce(0) { $0 + Double($1.distance) } / Double(max(1, nearest.count))
      }.sorted()
      let place = Int((Double(distances.count) * Self.share).rounded(.up)) - 1
      guard distances.indices.contains(place) else { continue }
      let range = Self.limitRange
      limits[name] = max(range.lowerBound, min(range.upperBound, distances[place]))
    }
    return limits
  }
}
