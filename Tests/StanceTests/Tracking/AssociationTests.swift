import Testing

@testable import Stance

@Suite("Who is whom")
struct AssociationTests {
  private static let size: Float = 100

  /// A body whose joints are on a diagonal; one may be elsewhere.
  private static func body(x: Float, y: Float = 0, arm: Float = 0) -> BodyShape {
    BodyShape(
      joints: (0..<5).map { index in
        let along = Float(index) / 4 * size
        return Point(x: x + along + (index == 4 ? arm : 0), y: y + along)
      })
  }

  @Test("a moving body is expected farther on in its last shape, whatever one limb does")
  func rigid() throws {
    var motion = BodyMotion(Self.body(x: 0), at: 0)
    motion.update(Self.body(x: 10, arm: -15), at: 0.1)
    motion.update(Self.body(x: 20, arm: -30), at: 0.2)
    let shifts = zip(motion.predicted(at: 0.3).joints, motion.last.joints).compactMap {
      pair -> (Float, Float)? in
      guard let a = pair.0, let b = pair.1 else { return nil }
      return (a.x - b.x, a.y - b.y)
    }
    #expect(shifts.count == 5)
    // 100 pixels a second.
    for shift in shifts { #expect(abs(shift.0 - 10) < 1e-3 && abs(shift.1) < 1e-3) }
  }

  @Test(
    "what a body does in a second does not depend on the frame rate", arguments: [5.0, 10, 30, 60])
  func rate(rate: Double) throws {
    var motion = BodyMotion(Self.body(x: 0), at: 0)
    for frame in 1...Int(rate) {
      motion.update(Self.body(x: 120 * Float(frame) / Float(rate)), at: Double(frame) / rate)
    }
    let joint = try #require(motion.predicted(at: 1.2).joints[0])
    #expect(abs(joint.x - 144) < 0.05)
  }

  @Test("nobody is expected faster than a body can be, and not for ever farther on")
  func speed() throws {
    var motion = BodyMotion(Self.body(x: 0), at: 0)
    motion.update(Self.body(x: 5000), at: 1.0 / 30)
    let most = BodyMotion.maxSpeed * Self.size * Float(BodyMotion.maxExtrapolation)
    for time in [0.1, 0.5, 1, 60] {
      let joint = try #require(motion.predicted(at: time).joints[0])
      #expect(joint.x - 5000 <= most + 1, "\(time)")
    }
    let (soon, late) = (motion.predicted(at: 10), motion.predicted(at: 60))
    #expect(soon == late)
  }

  @Test("the longer nobody was seen the farther away he may be, up to a bound")
  func gate() {
    let motion = BodyMotion(Self.body(x: 0), at: 0)
    func canBe(_ sizes: Float, after time: Double) -> Bool {
      Association.cost(of: Self.body(x: sizes * Self.size), for: motion, at: time).isFinite
    }
    #expect(canBe(0.1, after: 1.0 / 30))
    #expect(!canBe(0.6, after: 1.0 / 30))
    #expect(canBe(0.6, after: 1))
    #expect(!canBe(3, after: 60))
    var reach: Float = 0
    for time in stride(from: 0.0, through: 3, by: 0.1) {
      let now = (1...30).map { Float($0) / 10 }.last { canBe($0, after: time) } ?? 0
      #expect(now >= reach)
      reach = now
    }
  }

  @Test("of two bodies the nearer one is always cheaper, however far both are")
  func neverSaturates() {
    let motion = BodyMotion(Self.body(x: 0), at: 0)
    let costs = (0...100).map {
      Association.cost(of: Self.body(x: Float($0)), for: motion, at: 2)
    }
    #expect(costs.allSatisfy { $0.isFinite })
    for (near, far) in zip(costs, costs.dropFirst()) { #expect(near < far) }
  }

  @Test("who stopped while out of sight is known again where he was")
  func unmoved() {
    var motion = BodyMotion(Self.body(x: 0), at: 0)
    for frame in 1...10 {
      motion.update(Self.body(x: 20 * Float(frame)), at: Double(frame) / 10)
    }
    let stopped = Association.cost(of: Self.body(x: 200), for: motion, at: 1.4)
    let elsewhere = Association.cost(of: Self.body(x: 240, y: 40), for: motion, at: 1.4)
    #expect(stopped < elsewhere && stopped < 0.1)
  }

  @Test("a body of another size costs more in the same place")
  func otherSize() {
    let motion = BodyMotion(Self.body(x: 0), at: 0)
    let child = BodyShape(
      joints: (0..<5).map { Point(x: 25 + Float($0) * 12.5, y: 25 + Float($0) * 12.5) })
    #expect(
      Association.cost(of: Self.body(x: 0), for: motion, at: 0.1)
        < Association.cost(of: child, for: motion, at: 0.1))
  }

  @Test("bodies that share no known joint are never one")
  func unknownJoints() {
    let known = Self.body(x: 0)
    let unknown = BodyShape(joints: Array(repeating: nil, count: 5))
    let motion = BodyMotion(known, at: 0)
    #expect(Association.cost(of: unknown, for: motion, at: 0.1) == .infinity)
    #expect(Association.matches(of: [unknown, known], to: [motion], at: 0.1) == [nil, 0])
  }

  @Test("two who pass each other are told apart by where they were going")
  func passing() {
    var (right, left) = (BodyMotion(Self.body(x: 0), at: 0), BodyMotion(Self.body(x: 100), at: 0))
    for frame in 1...9 {
      right.update(Self.body(x: 5 * Float(frame)), at: Double(frame) / 30)
      left.update(Self.body(x: 100 - 5 * Float(frame)), at: Double(frame) / 30)
    }
    // Both unseen for two frames, and past each other.
    let bodies = [Self.body(x: 40), Self.body(x: 60)]
    #expect(Association.matches(of: bodies, to: [right, left], at: 0.4) == [1, 0])
  }
}
