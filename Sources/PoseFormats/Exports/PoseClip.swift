public import Stance

/// A clip's results from the first frame to the last, for formats that need all of them at once.
///
/// They lie in nameless files in `TMPDIR` or `/tmp`, 1.7 kB a person and frame; memory grows by 16 bytes a frame and 8 for
/// each person in it.
///
///     var clip = try PoseClip(ExportSource(name: "dance"))
///     for frame in frames { try clip.append(frame) }
///     for id in clip.ids {
///       try PoseFormat.trc.write(clip.only(id)) { bytes in … }
///     }
public struct PoseClip: Sendable {
  /// The bytes that results may take: 16 GiB, which is five hours of twenty people at 30 frames a second.
  public static let byteLimit = 16 << 30

  /// One person in one frame: which frame, and which record.
  private struct Sight { var frame, record: Int32 }

  /// What it is of.
  public let source: ExportSource
  private var store: FrameStore
  private var sights: [Int: [Sight]] = [:]
  private var factors: [Int: Float] = [:]

  /// A clip without frames.
  ///
  /// - Throws: `FileError` when there is no room for a file.
  public init(_ source: ExportSource, byteLimit: Int = PoseClip.byteLimit) throws {
    self.source = source
    store = try FrameStore(limit: byteLimit)
  }

  /// Takes in the next frame: of its people those with an id.
  ///
  /// - Throws: `PoseFormatError` with `.notFinite` when a number of a landmark is not finite, with `.unsuitable` for times and
  ///   ids that no clip has; `PoseError` with `.tooLong` when the results take too many bytes, with `.badTime` when the time is not after
  ///   the last frame's; `FileError` when the disk is full.
  public mutating func append(_ frame: TrackedFrame) throws {
    guard frame.time.magnitude <= Self.latest else {
      throw PoseFormatError(
        code: .unsuitable,
        message:
          "frame \(frame.index): its time is \(frame.time) s; at most \(Self.latest) s are taken")
    }
    for person in frame.people { try Self.check(person, in: frame) }
    let number = Int32(frameCount)
    for (id, record) in try store.append(frame) {
      sights[id, default: []].append(Sight(frame: number, record: Int32(record)))
    }
  }

  /// So that no format need look again, whatever a height makes of it.
  private static func check(_ person: Person, in frame: TrackedFrame) throws(PoseFormatError) {
    if let id = person.id, !(1...Int(Int32.max)).contains(id) {
      throw PoseFormatError(
        code: .unsuitable,
        message: "frame \(frame.index): the id \(id) is not from 1 to \(Int32.max)")
    }
    for name in LandmarkName.allCases {
      let (landmark, world) = (person.landmarks[name], person.worldLandmarks[name])
      guard
        [landmark.x, landmark.y, landmark.z, landmark.visibility, landmark.presence]
          .allSatisfy(\.isFinite),
        [world.x, world.y, world.z].allSatisfy({ $0.magnitude <= furthest })
      else {
        throw PoseFormatError(
          code: .notFinite,
          message:
            "frame \(frame.index): a number of \(name) is not finite, or further than \(furthest) m away"
        )
      }
    }
  }

  /// In seconds: thirty years.
  private static let latest = 1e9
  /// In metres, far beyond any body.
  private static let furthest: Float = 1e6

  /// How many frames there are.
  public var frameCount: Int { store.frameCount }
  /// Who appears, in order of the ids.
  public var ids: [Int] { sights.keys.sorted() }

  /// A frame's time in seconds of the source; rising.
  ///
  /// - Parameter frame: its place in the clip, 0..<``frameCount``.
  public func time(of frame: Int) -> Double { store.time(of: frame) }

  /// A frame with everybody in it; nobody is lost, boxes are made anew round the landmarks, and there are no masks.
  ///
  /// - Parameter frame: its place in the clip, 0..<``frameCount``.
  public func frame(_ frame: Int) -> TrackedFrame {
    var result = store.frame(frame)
    result.result.people = result.people.compactMap { person in
      guard let id = person.id, sights[id] != nil else { return nil }
      return scaled(person)
    }
    return result
  }

  /// A person in a frame; nil where they were not seen.
  ///
  /// - Parameter frame: its place in the clip, 0..<``frameCount``.
  public func person(_ id: Int, in frame: Int) -> Person? {
    guard let sights = sights[id] else { return nil }
    var (low, high) = (0, sights.count)
    while low < high {
      let middle = (low + high) / 2
      if sights[middle].frame < frame { low = middle + 1 } else { high = middle }
    }
    guard low < sights.count, sights[low].frame == frame else { return nil }
    return scaled(store.person(at: Int(sights[low].record)))
  }

  /// The places of the frames in which a person was seen, rising.
  public func frames(with id: Int) -> [Int] { (sights[id] ?? []).map { Int($0.frame) } }

  /// The places of the first and the last frame in which a person was seen.
  public func span(of id: Int) -> ClosedRange<Int>? {
    guard let all = sights[id], let first = all.first, let last = all.last else { return nil }
    return Int(first.frame)...Int(last.frame)
  }

  /// The same frames with one person alone. It shares the files.
  public func only(_ id: Int) -> PoseClip {
    var clip = self
    clip.sights = sights.filter { $0.key == id }
    return clip
  }

  /// The same clip with people's world landmarks so many times as large.
  ///
  /// - Parameter factors: by id; whoever is not named keeps their size.
  public func scaled(by factors: [Int: Float]) -> PoseClip {
    var clip = self
    clip.factors = factors
    return clip
  }

  private func scaled(_ person: Person) -> Person {
    guard let id = person.id, let factor = factors[id] else { return person }
    return person.scaled(by: factor)
  }
}

extension Person {
  /// With world landmarks so many times as large.
  func scaled(by factor: Float) -> Person {
    var person = self
    for place in person.worldLandmarks.indices {
      person.worldLandmarks[place].x *= factor
      person.worldLandmarks[place].y *= factor
      person.worldLandmarks[place].z *= factor
    }
    return person
  }
}
