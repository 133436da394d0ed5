public import Stance

/// How much larger a person is than the average body that world landmarks show.
///
/// A standing height is estimated from each frame where eyes, shoulders, hips, knees and ankles were seen: the lengths
/// from the ankles to the knees, to the hips, from the middle of these to the middle of the shoulders and on to the middle
/// of the eyes do not depend on how knees and hips are bent, and are together 0.897 of the height: eyes lie at 0.936 of it,
/// ankles at 0.039 (Drillis and Contini, "Body Segment Parameters", 1966, as in Winter, "Biomechanics and Motor Control of
/// Human Movement", figure 4.1). The median of all frames counts.
public struct BodyScale: Sendable {
  private static let chainOfHeight: Float = 0.936 - 0.039
  /// In metres; of shorter bodies no height is estimated.
  private static let shortest: Float = 0.2

  /// So many sights are kept, 4 MiB; later ones change no median.
  private static let mostEstimates = 1 << 20

  private var estimates: [Float] = []

  /// Of a person who was not seen yet.
  public init() {}

  /// Takes in a sight of the person; 4 bytes are kept, of the first million.
  public mutating func add(_ person: Person) {
    guard !person.isFilled, estimates.count < Self.mostEstimates,
      let height = Self.standingHeight(of: person)
    else { return }
    estimates.append(height)
  }

  /// The median standing height of the world landmarks, in metres; nil when the body was never seen as a whole.
  public var height: Float? {
    estimates.isEmpty ? nil : estimates.sorted()[estimates.count / 2]
  }

  /// The standing height that the world landmarks of one sight speak for, in metres; nil when not all of them were seen.
  static func standingHeight(of person: Person) -> Float? {
    let chain: [LandmarkName] = [
      .leftEye, .rightEye, .leftShoulder, .rightShoulder, .leftHip, .rightHip, .leftKnee,
      .rightKnee, .leftAnkle, .rightAnkle,
    ]
    guard chain.allSatisfy({ person.landmarks[$0].seen }) else { return nil }
    func point(_ name: LandmarkName) -> SIMD3<Float> { person.worldLandmarks[name].yUp }
    func middle(_ one: LandmarkName, _ other: LandmarkName) -> SIMD3<Float> {
      (point(one) + point(other)) / 2
    }
    func length(_ one: SIMD3<Float>, _ other: SIMD3<Float>) -> Float {
      let step = one - other
      return (step * step).sum().squareRoot()
    }
    let shoulders = middle(.leftShoulder, .rightShoulder)
    let left =
      length(point(.leftAnkle), point(.leftKnee)) + length(point(.leftKnee), point(.leftHip))
    let right =
      length(point(.rightAnkle), point(.rightKnee)) + length(point(.rightKnee), point(.rightHip))
    let height =
      ((left + right) / 2 + length(middle(.leftHip, .rightHip), shoulders)
        + length(shoulders, middle(.leftEye, .rightEye))) / chainOfHeight
    return height.isFinite && height >= shortest ? height : nil
  }
}

/// How tall somebody is.
public struct BodyHeight: Sendable, Hashable {
  /// Heights that people have, and models of them, in metres.
  public static let range: ClosedRange<Float> = 0.3...3

  /// Whose it is; nil: everybody's who is not named.
  public var id: Int?
  /// Standing, in metres.
  public var metres: Float

  /// A height in metres.
  public init(id: Int? = nil, metres: Float) {
    self.id = id
    self.metres = metres
  }
}

extension [BodyHeight] {
  /// That of a person: the last one given for the id, else the last one given for everybody.
  package func wanted(for id: Int) -> BodyHeight? {
    last { $0.id == id } ?? last { $0.id == nil }
  }
}

extension PoseClip {
  /// The same clip with people as tall as they are said to be.
  ///
  /// - Returns: also those to whom a height was given, but who were never seen from head to foot: they keep their size.
  public func scaled(to heights: [BodyHeight]) -> (clip: PoseClip, unscaled: [Int]) {
    var factors: [Int: Float] = [:]
    var unscaled: [Int] = []
    for id in ids {
      guard let wanted = heights.wanted(for: id) else { continue }
      var scale = BodyScale()
      for frame in frames(with: id) { if let person = person(id, in: frame) { scale.add(person) } }
      if let height = scale.height {
        factors[id] = wanted.metres / height
      } else {
        unscaled.append(id)
      }
    }
    return (scaled(by: factors), unscaled)
  }
}
