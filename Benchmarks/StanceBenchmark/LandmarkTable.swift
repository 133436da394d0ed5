import Images
import Stance

/// Prints every landmark of everybody as a line of CSV, with the support that the JSON leaves out.
struct LandmarkTable {
  private let photos: [String]
  private let landmarker: PoseLandmarker

  init(_ arguments: Arguments) throws {
    photos = arguments.photos
    landmarker = try PoseLandmarker(arguments.options, engine: arguments.engine)
  }

  /// The landmarks in pixels and what the model says of each.
  func write() throws {
    print("file,person,landmark,x,y,visibility,presence,support,seen")
    for photo in photos {
      let result = try landmarker.result(for: try EncodedImage(contentsOf: photo))
      for (number, person) in result.people.enumerated() {
        let pixels = person.landmarks.pixels(in: result.imageSize)
        for name in LandmarkName.allCases {
          let (point, landmark) = (pixels[name], person.landmarks[name])
          print(
            photo, number, name.index, point.x, point.y, landmark.visibility, landmark.presence,
            landmark.support, landmark.seen, separator: ",")
        }
      }
    }
  }
}
