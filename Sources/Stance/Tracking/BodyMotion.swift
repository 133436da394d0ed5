import Glibc

/// Where a body was last, how it moved, and so where it should be.
///
/// One rigid movement for the whole body: a filter a joint deforms the prediction, and what is compared with a deformed
/// body becomes arbitrary (docs/video.md).
package struct BodyMotion: Sendable {
  /// A movement counts half in the velocity when it took so many seconds, less when it took less.
  static let halfLife: Float = 0.08
  /// A body is thought to go on as it moved for so many seconds at most.
  static let maxExtrapolation = 0.4
  /// The most that a velocity is believed to be, in body sizes a second.
  static let maxSpeed: Float = 4

  /// The body as it was last seen.
  package private(set) var last: BodyShape
  /// When that was, in seconds of the source.
  package private(set) var time: Double
  /// Pixels a second.
  private var velocity: (x: Float, y: Float) = (0, 0)
  private var isMoving = false

  package init(_ body: BodyShape, at time: Double) { (last, self.time) = (body, time) }

  /// Takes in where the body is now.
  package mutating func update(_ body: BodyShape, at now: Double) {
    let elapsed = Float(now - time)
    if elapsed > 0, let shift = body.shift(from: last) {
      let measured = (x: shift.x / elapsed, y: shift.y / elapsed)
      let weight = isMoving ? 1 - pow(0.5, elapsed / Self.halfLife) : 1
      velocity.x += weight * (measured.x - velocity.x)
      velocity.y += weight * (measured.y - velocity.y)
      limitSpeed(to: Self.maxSpeed * body.size)
      isMoving = true
    }
    (last, time) = (body, now)
  }

  /// The same in a frame of another size.
  mutating func scale(by scale: FrameScale) {
    last = BodyShape(joints: last.joints.map { $0.map { scale($0) } })
    velocity = (velocity.x * scale.x, velocity.y * scale.y)
  }

  /// By how much the body should have moved since it was last seen, in pixels.
  func shift(to now: Double) -> (x: Float, y: Float) {
    let elapsed = Float(min(max(0, now - time), Self.maxExtrapolation))
    return (velocity.x * elapsed, velocity.y * elapsed)
  }

  /// Where the body should be.
  package func predicted(at now: Double) -> BodyShape {
    let shift = shift(to: now)
    return last.moved(x: shift.x, y: shift.y)
  }

  private mutating func limitSpeed(to most: Float) {
    let speed = hypot(velocity.x, velocity.y)
    guard speed > most else { return }
    velocity.x *= most / speed
    velocity.y *= most / speed
  }
}
