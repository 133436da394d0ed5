import Stance

/// At which times a person's figure gets a pose in glTF's animation, strictly rising, in seconds from the clip's start.
///
/// One for each sight. Programs go evenly from pose to pose, which would drift through a gap: the last frame without the
/// person has one more, in which the pose before is held.
struct FigureKeys: Sendable {
  struct Key: Sendable, Hashable {
    var time: Float
    /// The frame that shows the person; nil where the pose before is held.
    var frame: Int?
  }

  private(set) var keys: [Key] = []
  /// From when to when, in seconds from the clip's start, the person was not seen between two sights.
  private(set) var gaps: [ClosedRange<Float>] = []

  init(of id: Int, in clip: PoseClip) {
    let frames = clip.frames(with: id)
    guard var last = frames.first else { return }
    let start = clip.time(of: 0)
    func time(_ frame: Int) -> Float { Float(clip.time(of: frame) - start) }
    for frame in frames {
      if frame > last + 1 {
        gaps.append(time(last + 1)...time(frame - 1))
        add(Key(time: time(frame - 1), frame: nil))
      }
      add(Key(time: time(frame), frame: frame))
      last = frame
    }
  }

  /// Two times of a very long clip may be the same as floats: the later is left out.
  private mutating func add(_ key: Key) {
    if let last = keys.last, last.time >= key.time { return }
    keys.append(key)
  }
}
