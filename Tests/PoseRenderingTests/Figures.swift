public import Images
import PoseRendering
import Stance
public import Testing

// A failed comparison would print every byte.
extension Image: CustomTestStringConvertible {
  /// The size alone.
  public var testDescription: String { "a picture of \(size)" }
}

/// A person of whom only the given landmarks can be used; all others have coordinates that are no numbers.
func person(
  _ joints: [LandmarkName: (x: Float, y: Float)], in size: ImageSize,
  visibility: [LandmarkName: Float] = [:], depth: [LandmarkName: Float] = [:], mask: Mask? = nil
) -> Person {
  let landmarks = LandmarkName.allCases.map { name in
    Landmark<Normalized>(
      x: (joints[name]?.x ?? .nan) / Float(size.width),
      y: (joints[name]?.y ?? .nan) / Float(size.height), z: depth[name] ?? 0,
      visibility: visibility[name] ?? 1, presence: 1)
  }
  let world = [Landmark<World>](
    repeating: Landmark(x: 0, y: 0, z: 0, visibility: 1, presence: 1), count: LandmarkName.count)
  return Person(
    score: 1, presence: 1, confidence: 1, box: PixelBox(x: 0, y: 0, width: 0, height: 0),
    landmarks: Landmarks(landmarks), worldLandmarks: Landmarks(world), mask: mask)
}

/// A person of whom every landmark lies somewhere on a grid, 12 cm from its neighbours.
func wholePerson(in size: ImageSize, spacing: Float = 20, origin: Float = 15) -> Person {
  let places = (0..<LandmarkName.count).map { (x: Float($0 % 6), y: Float($0 / 6)) }
  return Person(
    score: 1, presence: 1, confidence: 1, box: PixelBox(x: 0, y: 0, width: 0, height: 0),
    landmarks: Landmarks(
      places.map {
        Landmark(
          x: (origin + spacing * $0.x) / Float(size.width),
          y: (origin + spacing * $0.y) / Float(size.height), z: 0.1 * $0.x, visibility: 1,
          presence: 1)
      }),
    worldLandmarks: Landmarks(
      places.map {
        Landmark(x: 0.12 * $0.x, y: 0.12 * $0.y, z: 0, visibility: 1, presence: 1)
      }))
}

/// The grey that stands for a photo.
let grey = Color(red: 90, green: 100, blue: 110)

/// A picture of one colour.
func plain(_ width: Int, _ height: Int, _ color: Color = grey) -> Image {
  let pixel = [color.blue, color.green, color.red, 255]
  let size = ImageSize(width: width, height: height)
  return Image(
    size: size,
    bgrx: [UInt8](unsafeUninitializedCapacity: 4 * size.pixelCount) { bytes, count in
      for index in 0..<4 * size.pixelCount { bytes[index] = pixel[index % 4] }
      count = 4 * size.pixelCount
    })
}

extension Image {
  /// The colour of a pixel; its unused byte counts as opacity, so a test sees when it changed.
  subscript(x: Int, y: Int) -> Color {
    withPixels { bytes in
      let offset = 4 * (y * width + x)
      return Color(
        red: bytes[offset + 2], green: bytes[offset + 1], blue: bytes[offset],
        alpha: bytes[offset + 3])
    }
  }

  /// The pixels that differ from another picture's.
  func changes(from other: Image) -> [(x: Int, y: Int)] {
    withPixels { mine in
      other.withPixels { theirs in
        (0..<size.pixelCount).filter { index in
          (0..<4).contains { mine[4 * index + $0] != theirs[4 * index + $0] }
        }.map { (x: $0 % width, y: $0 / width) }
      }
    }
  }
}
