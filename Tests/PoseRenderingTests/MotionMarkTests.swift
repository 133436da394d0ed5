import Images
import PoseMotion
import Stance
import Testing

@testable import PoseRendering

@Suite("Angles and counters on pictures")
struct MotionMarkTests {
  private let size = ImageSize(width: 400, height: 400)
  private let image = plain(400, 400)
  private let bare = DrawingStyle(showsJoints: false, showsBones: false)

  /// Somebody from the side whose left knee, at (200, 250), is bent by a right angle: the shank goes to the left.
  private func sitting(width: Float = 4, guessed: Set<LandmarkName> = []) -> Person {
    let places: [LandmarkName: (Float, Float)] = [
      .leftShoulder: (200 + width, 60), .rightShoulder: (200 - width, 60),
      .leftHip: (200 + width, 170), .rightHip: (200 - width, 170), .leftKnee: (200, 250),
      .leftAnkle: (120, 250),
    ]
    let points = LandmarkName.allCases.map { places[$0] ?? (200, 40) }
    let visibility = LandmarkName.allCases.map { Float(guessed.contains($0) ? 0.1 : 0.99) }
    return Person(
      id: 1, score: nil, presence: 1, confidence: 1,
      box: PixelBox(x: 0, y: 0, width: 1, height: 1),
      landmarks: Landmarks(
        zip(points, visibility).map { point, visibility in
          Landmark(
            x: point.0 / 400, y: point.1 / 400, z: 0, visibility: visibility, presence: 1)
        }),
      worldLandmarks: Landmarks(
        zip(points, visibility).map { point, visibility in
          Landmark(
            x: (point.0 - 200) / 220, y: (point.1 - 170) / 220, z: 0, visibility: visibility,
            presence: 1)
        }))
  }

  private func drawn(
    _ person: Person, _ angles: [Angle], _ convention: AngleConvention = .flexion
  ) throws -> Image {
    try SkeletonRenderer(
      style: bare, measuring: MotionOptions(angles: angles, convention: convention)
    ).drawing([person], on: image)
  }

  private func isMark(_ image: Image, _ x: Int, _ y: Int) -> Bool {
    [-1, 0, 1].contains { dx in
      [-1, 0, 1].contains { dy in
        let color = image[x + dx, y + dy]
        return color.red > 200 && color.green > 170 && color.blue < 120
      }
    }
  }

  @Test("an arc lies where the angle does: beyond the thigh for flexion, else between the limbs")
  func arc() throws {
    let size = StrokeSizes(for: sitting(), in: size, style: bare).fontSize
    let radius = min(0.6 * 80, 2 * 1.15 * size)
    let aside = Int((radius * 0.5.squareRoot()).rounded())
    let flexion = try drawn(sitting(), [.leftKnee])
    #expect(isMark(flexion, 200 - aside, 250 + aside))
    #expect(flexion[200 - aside, 250 - aside] == grey)
    let opening = try drawn(sitting(), [.leftKnee], .mediapipe)
    #expect(isMark(opening, 200 - aside, 250 - aside))
    #expect(opening[200 - aside, 250 + aside] == grey)
  }

  @Test("nothing is drawn where there is no number: of a guessed joint, and from the wrong side")
  func missing() throws {
    #expect(try drawn(sitting(guessed: [.leftAnkle]), [.leftKnee]) == image)
    #expect(try drawn(sitting(width: 40), [.leftKnee]) == image)
    #expect(try drawn(sitting(), [.pelvis]) == image)
    #expect(try drawn(sitting(width: 40), [.pelvis]) != image)
    #expect(try drawn(sitting(), []) == image)
  }

  @Test("degrees stay inside the picture, and none lies over another")
  func places() throws {
    let marks = try Canvas.marks(of: [sitting()], MotionOptions(angles: Angle.all), in: image)
    #expect(marks.count >= 3)
    for (number, place) in marks.enumerated() {
      #expect(Rectangle(size).contains(place))
      #expect(!marks[(number + 1)...].contains { $0.overlaps(place) })
    }
  }

  @Test("every angle has an arc exactly where it has a number in the picture")
  func arcs() {
    for width in [Float(4), 40] {
      for guessed in [[], [LandmarkName.leftHip], [.leftEar]] as [Set<LandmarkName>] {
        let person = sitting(width: width, guessed: guessed)
        for angle in Angle.all {
          for convention in AngleConvention.allCases {
            let reading = angle.plane(of: person, in: size, convention: convention)
            let arc = angle.arc(of: person, in: size, convention: convention)
            #expect(arc?.degrees == reading.value, "\(angle.name)")
          }
        }
      }
    }
  }

  @Test(
    "a counter in the person's colour stands beside the body, at zero too, and only if asked for")
  func counter() throws {
    func drawn(_ counting: MotionOptions.Counting) throws -> Image {
      var renderer = ClipRenderer(
        style: bare, showsIDs: false, measuring: MotionOptions(counting: counting))
      var image = image
      try renderer.draw(
        TrackedFrame(
          index: 0, time: 0,
          result: PoseResult(
            imageSize: size, complexity: .full, search: .auto, precision: .f32,
            people: [sitting()], timing: PoseTiming()), lost: []), on: &image)
      return image
    }
    #expect(try drawn(.off) == image)
    let counted = try drawn(.exercise(.squat))
    let color = PersonColors(id: 1).bone
    let places = (0..<400).filter { x in (0..<400).contains { counted[x, $0] == color } }
    #expect(places.count > 20)
    #expect((places.first ?? 0) > 204)
  }
}

extension Canvas {
  /// What the degrees of people cover.
  fileprivate static func marks(
    of people: [Person], _ options: MotionOptions, in image: Image
  ) throws -> [Rectangle] {
    var image = image
    var places: [Rectangle] = []
    let size = image.size
    try image.withMutablePixels { pixels in
      try cover(pixels, of: size) { canvas in
        places = AngleMark.place(
          for: people, options, in: size, style: DrawingStyle(), sparing: [], on: canvas
        ).compactMap(\.place)
      }
    }
    return places
  }
}
