/// Evenly spaced places for a clip's frames, for formats that know one rate and no times (TRC, C3D, BVH).
///
/// A frame goes to the place nearest to its time; where none goes there is a gap, and of several the nearest stays. So a
/// clip of constant rate is written frame by frame, and of one whose rate varies no time is off by more than half a
/// place.
public struct FrameGrid: Sendable {
  /// Places a second.
  public let rate: Double
  /// The first frame's time, in seconds of the source: that of place 0.
  public let start: Double
  private let frames: [Int32]

  /// How many places there are: 0 of a clip without frames.
  public var count: Int { frames.count }

  /// The frame at a place, as its place in the clip; nil where there is a gap.
  ///
  /// - Parameter place: 0..<``count``.
  public func frame(at place: Int) -> Int? { frames[place] < 0 ? nil : Int(frames[place]) }

  /// Seconds from the first frame.
  public func time(of place: Int) -> Double { Double(place) / rate }

  /// Of a clip whose frames do not say a rate.
  static let fallbackRate = 30.0
  /// There are at most so many times as many places as frames, and these.
  private static let mostGaps = (factor: 8, offset: 100_000)
  /// A source's own claim is taken when the frames come to it within this part, and it makes no place more or less.
  private static let tolerance = 0.002
  /// The most places a second: times are written in microseconds. The least that is believed of a claim.
  private static let (highestRate, lowestClaim) = (1e6, 1e-6)

  /// - Throws: `PoseFormatError` with `.unsuitable` when frames are so far apart that the file would be gaps, mostly, or
  ///   closer than a microsecond.
  public init(_ clip: PoseClip) throws(PoseFormatError) {
    let count = clip.frameCount
    let rate = Self.rate(of: clip)
    let start = count > 0 ? clip.time(of: 0) : 0
    (self.rate, self.start) = (rate, start)
    guard count > 0 else {
      frames = []
      return
    }
    guard rate <= Self.highestRate else {
      throw PoseFormatError(
        code: .unsuitable,
        message: "\(rate) frames a second; a format of one rate takes at most \(Self.highestRate)")
    }
    let length = (clip.time(of: count - 1) - start) * rate
    guard length.rounded() < Double(Self.mostGaps.factor * count + Self.mostGaps.offset) else {
      throw PoseFormatError(
        code: .unsuitable,
        message:
          "\(count) frames, \(rate) a second, are spread over \(length / rate) s; a format of one rate would be gaps, mostly"
      )
    }
    var frames = [Int32](repeating: -1, count: Int(length.rounded()) + 1)
    func distance(_ frame: Int, _ place: Int) -> Double {
      abs((clip.time(of: frame) - start) * rate - Double(place))
    }
    for frame in 0..<count {
      let place = Int(((clip.time(of: frame) - start) * rate).rounded())
      let other = Int(frames[place])
      if other < 0 || distance(frame, place) < distance(other, place) {
        frames[place] = Int32(frame)
      }
    }
    self.frames = frames
  }

  /// The rate of which most intervals are one step, and the others nearly whole numbers of steps.
  ///
  /// The median interval alone is off by up to a part in thirty where a file's clock has milliseconds: over a clip the
  /// steps that it counts are exact.
  private static func rate(of clip: PoseClip) -> Double {
    var intervals: [Double] = []
    for frame in 1..<max(1, clip.frameCount) {
      intervals.append(clip.time(of: frame) - clip.time(of: frame - 1))
    }
    let sorted = intervals.sorted()
    guard let median = sorted.isEmpty ? nil : sorted[sorted.count / 2], median > 0 else {
      let claimed = clip.source.frameRate ?? fallbackRate
      return (lowestClaim...highestRate).contains(claimed) ? claimed : fallbackRate
    }
    var (steps, time) = (0.0, 0.0)
    // Of long waits the number of steps is a guess.
    for interval in intervals where interval < 4.5 * median {
      let count = (interval / median).rounded()
      guard count > 0 else { continue }
      steps += count
      time += interval
    }
    let rate = steps / time
    if let claimed = clip.source.frameRate, abs(claimed - rate) <= tolerance * rate,
      abs(claimed - rate) * time < 0.5
    {
      return claimed
    }
    return rate
  }
}
