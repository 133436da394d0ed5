import Images
import PoseMotion
import Stance
import Testing

@Suite("Angles")
struct AngleTests {
  /// What single precision leaves of landmarks in parts of the picture, where a body is half of its height.
  private static let tolerance = 1e-4

  /// A body in which every angle is another.
  private static var bent: Skeleton {
    var body = Skeleton()
    body.knee = (73.2, 41.5)
    body.hip = (88.1, 30.4)
    body.elbow = (110.3, 12.7)
    body.shoulder = (35.9, 160.2)
    body.ankle = (14.4, -21.6)
    body.lean = 27.5
    body.neck = 18.3
    return body
  }

  private static let made: [(Angle, Double)] = [
    (.leftKnee, 73.2), (.rightKnee, 41.5), (.leftHip, 88.1), (.rightHip, 30.4),
    (.leftElbow, 110.3), (.rightElbow, 12.7), (.leftShoulder, 35.9), (.rightShoulder, 160.2),
    (.leftAnkle, 14.4), (.rightAnkle, -21.6), (.neck, 18.3),
  ]

  private func expect(
    _ reading: Reading, _ degrees: Double, _ what: String,
    _ location: SourceLocation = #_sourceLocation
  ) {
    let isRight = reading.value.map { abs($0 - degrees) < Self.tolerance } ?? false
    #expect(isRight, "\(what): \(reading), \(degrees) wanted", sourceLocation: location)
  }

  @Test(
    "from the side are those that the body was made with, in a picture of any shape, scaled and turned"
  )
  func fromTheSide() {
    for (width, height) in [(1280, 720), (400, 1000), (640, 640)] {
      for (part, roll) in [(0.5, 0.0), (0.35, 0), (0.4, 33), (0.4, 120), (0.4, -90)] {
        var body = Self.bent
        body.size = ImageSize(width: width, height: height)
        body.scale = part * Double(min(width, height))
        body.roll = roll
        for (angle, degrees) in Self.made {
          let what = "\(angle.name), \(width)x\(height), scale \(part), roll \(roll)"
          expect(angle.plane(of: body.person, in: body.size), degrees, what)
          expect(angle.world(of: body.person), degrees, what)
        }
      }
    }
  }

  @Test("of a mirrored body are those of its other side")
  func mirrored() {
    var body = Self.bent
    body.isMirrored = true
    for (angle, degrees) in Self.made {
      guard let other = Angle(name: angle.name.otherSide) else { continue }
      expect(other.plane(of: body.person, in: body.size), degrees, other.name)
      expect(other.world(of: body.person), degrees, other.name)
    }
  }

  @Test(
    "in metres do not depend on the view, and in the picture there are none of the side's from the front"
  )
  func fromTheFront() {
    for heading in [0.0, 45, 90, 135, 180, 270] {
      var body = Self.bent
      body.heading = heading
      for (angle, degrees) in Self.made {
        expect(angle.world(of: body.person), degrees, "\(angle.name) at \(heading)")
        guard heading == 90 || heading == 270 else { continue }
        #expect(angle.plane(of: body.person, in: body.size) == .missing(.view))
      }
      expect(Angle.trunk.world(of: body.person), 27.5, "trunk at \(heading)")
    }
  }

  @Test("of the trunk in the picture are positive to its right, whoever leans")
  func trunk() {
    var body = Self.bent
    expect(Angle.trunk.plane(of: body.person, in: body.size), 27.5, "to the right")
    body.heading = 180
    expect(Angle.trunk.plane(of: body.person, in: body.size), -27.5, "to the left")
    body = Skeleton()
    body.roll = -15
    expect(Angle.trunk.plane(of: body.person, in: body.size), 15, "turned clockwise")
  }

  @Test("of pelvis and shoulders are positive where the person's left is higher")
  func lines() {
    for (heading, roll, degrees) in [(90.0, 12.5, 12.5), (270, 12.5, -12.5), (90, -8, -8)] {
      var body = Skeleton()
      (body.heading, body.roll) = (heading, roll)
      for angle in [Angle.pelvis, .shoulders] {
        expect(angle.plane(of: body.person, in: body.size), degrees, angle.name)
        expect(angle.world(of: body.person), degrees, angle.name)
      }
    }
    let side = Skeleton()
    #expect(Angle.pelvis.plane(of: side.person, in: side.size) == .missing(.view))
  }

  @Test("of knees that fall inwards are positive on both sides, from before and behind")
  func valgus() {
    for heading in [90.0, 270] {
      for degrees in [9.5, -6] {
        for isMirrored in [false, true] {
          var body = Skeleton()
          (body.heading, body.valgus, body.isMirrored) = (heading, degrees, isMirrored)
          for angle in [Angle.leftKneeValgus, .rightKneeValgus] {
            expect(angle.plane(of: body.person, in: body.size), degrees, angle.name)
            expect(angle.world(of: body.person), degrees, angle.name)
          }
        }
      }
    }
  }

  @Test("as MediaPipe's users take them are 180 where a limb is straight")
  func convention() {
    let body = Self.bent
    func mediapipe(_ angle: Angle) -> Reading {
      angle.world(of: body.person, convention: .mediapipe)
    }
    expect(mediapipe(.leftKnee), 180 - 73.2, "knee")
    expect(mediapipe(.leftShoulder), 35.9, "shoulder")
    expect(mediapipe(.neck), 180 - 18.3, "neck")
    expect(mediapipe(.trunk), 27.5, "trunk")
  }

  @Test("are missing, with the landmark's name, where one was not seen")
  func notSeen() {
    var body = Self.bent
    body.hidden = [.leftAnkle]
    #expect(Angle.leftKnee.world(of: body.person) == .missing(.notSeen(.leftAnkle)))
    #expect(
      Angle.leftKnee.plane(of: body.person, in: body.size) == .missing(.notSeen(.leftAnkle)))
    expect(Angle.rightKnee.world(of: body.person), 41.5, "the other")
    // Of trunk and neck one side is enough.
    body.hidden = [.leftHip]
    expect(Angle.trunk.world(of: body.person), 27.5, "trunk")
    body.hidden = [.leftHip, .rightShoulder]
    #expect(Angle.trunk.world(of: body.person) == .missing(.notSeen(.leftHip)))
    #expect(BodyView(of: body.person, in: body.size).score != nil)
    body.hidden = [.leftHip, .rightHip]
    #expect(BodyView(of: body.person, in: body.size).score == nil)
  }

  @Test("are missing where points lie on each other")
  func degenerate() {
    var person = Skeleton().person
    person.worldLandmarks[.leftKnee] = person.worldLandmarks[.leftHip]
    #expect(Angle.leftKnee.world(of: person) == .missing(.degenerate))
    person.worldLandmarks[.leftKnee].x = .nan
    #expect(Angle.leftKnee.world(of: person) == .missing(.degenerate))
  }

  @Test("of any three landmarks have their names")
  func named() throws {
    let body = Self.bent
    let angle = try #require(Angle(name: "leftHip-leftKnee-leftAnkle"))
    expect(angle.world(of: body.person), 73.2, angle.name)
    #expect(angle.name == "leftHip-leftKnee-leftAnkle")
    for name in ["", "knee", "leftHip-leftKnee", "leftHip-leftHip-leftKnee", "leftKnee-"] {
      #expect(Angle(name: name) == nil, "\(name)")
    }
    for angle in Angle.all { #expect(Angle(name: angle.name) == angle) }
  }

  @Test("turning past a half turn go on without a leap")
  func unwrapped() {
    let times = (0..<10).map { Double($0) / 10 }
    let wrapped: [Double?] = [170, 178, -175, nil, -160, 179, 170, -170, -100, -10]
    let curve = MotionCurve(times: times, values: wrapped).unwrapped
    let whole: [Double] = [170, 178, 185, .nan, 200, 179, 170, 190, 260, 350]
    for (value, wanted) in zip(curve.values, whole) {
      #expect(value == wanted || value.isNaN && wanted.isNaN)
    }
  }
}

extension String {
  fileprivate var otherSide: String {
    hasPrefix("left") ? "right" + dropFirst(4) : hasPrefix("right") ? "left" + dropFirst(5) : self
  }
}
