public import Stance

/// Where a landmark was in one frame.
public struct LandmarkPlace: Sendable, Hashable {
  /// Which.
  public var landmark: LandmarkName
  /// In metres of an average body from the middle of the hips, which is at rest here: x right, y down, z away from the camera;
  /// nil where it was not ``Landmark/seen``.
  public var world: SIMD3<Double>?
  /// In pixels of the picture: x right, y down; nil where it was not seen.
  public var plane: SIMD2<Double>?

  /// A place of the given parts.
  public init(_ landmark: LandmarkName, world: SIMD3<Double>?, plane: SIMD2<Double>?) {
    (self.landmark, self.world, self.plane) = (landmark, world, plane)
  }

  init(_ landmark: LandmarkName, _ points: BodyPoints) {
    self.landmark = landmark
    guard points.isSeen(landmark.index) else { return }
    let inPicture = points.point(landmark.index, .plane)
    world = points.point(landmark.index, .world)
    plane = SIMD2(inPicture.x, inPicture.y)
  }
}

/// Where a landmark was over time, and how fast it went.
public struct LandmarkCurves: Sendable, Hashable {
  /// How fast a point goes, whatever the direction.
  public struct Movement: Sendable, Hashable {
    /// The length of the velocity: metres a second, or pixels a second.
    public var speed: MotionCurve
    /// The length of its change: metres or pixels a second squared; turning at an even speed is acceleration too.
    public var acceleration: MotionCurve
  }

  /// Which.
  public let landmark: LandmarkName
  /// x, y and z in metres from the middle of the hips.
  public private(set) var world = [MotionCurve](repeating: MotionCurve(), count: 3)
  /// x and y in pixels.
  public private(set) var plane = [MotionCurve](repeating: MotionCurve(), count: 2)

  /// No sight yet.
  public init(_ landmark: LandmarkName) { self.landmark = landmark }

  /// Takes in where the landmark is at a later time, in seconds.
  public mutating func add(_ place: LandmarkPlace, at time: Double) {
    for axis in 0..<3 { world[axis].append(place.world?[axis], at: time) }
    for axis in 0..<2 { plane[axis].append(place.plane?[axis], at: time) }
  }

  /// In metres a second, against the middle of the hips: who walks, and holds a hand still, has a still hand.
  public var worldMovement: Movement { Self.movement(world) }
  /// In pixels a second, against the picture.
  public var planeMovement: Movement { Self.movement(plane) }

  /// By ``MotionCurve/smoothed(window:)`` of each coordinate.
  private static func movement(_ axes: [MotionCurve]) -> Movement {
    let smoothed = axes.map { $0.smoothed() }
    func length(_ path: KeyPath<MotionCurve.Smoothed, MotionCurve>) -> MotionCurve {
      let curves = smoothed.map { $0[keyPath: path] }
      let times = curves.first?.times ?? []
      return MotionCurve(
        times: times,
        values: times.indices.map { place in
          curves.reduce(0) { $0 + $1.values[place] * $1.values[place] }.squareRoot()
        })
    }
    return Movement(speed: length(\.speed), acceleration: length(\.acceleration))
  }
}
