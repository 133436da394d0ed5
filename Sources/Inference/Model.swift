/// A model file, and how to know that it is the right one. All are Google's BlazePose (Apache-2.0).
public struct Model: Sendable, Hashable {
  /// A short word: "detector", "lite", "full", "heavy".
  public let name: String
  /// The file's name in the models folder.
  public let file: String
  /// The file's SHA-256, 64 lower-case hexadecimal digits.
  public let sha256: String
  /// The file's size.
  public let byteCount: Int

  /// Finds people (BlazePose detector, 224 px).
  public static let detector = Model(
    name: "detector", file: "pose_detection.tflite",
    sha256: "9ba9dd3d42efaaba86b4ff0122b06f29c4122e756b329d89dca1e297fd8f866c", byteCount: 2_959_046
  )
  /// Landmarks, complexity 0.
  public static let lite = Model(
    name: "lite", file: "pose_landmark_lite.tflite",
    sha256: "f17bfbecadb61c3be1baa8b8d851cc6619c870a87167b32848ad20db306b9d61", byteCount: 2_819_824
  )
  /// Landmarks, complexity 1.
  public static let full = Model(
    name: "full", file: "pose_landmark_full.tflite",
    sha256: "e9a5c5cb17f736fafd4c2ec1da3b3d331d6edbe8a0d32395855aeb2cdfd64b9f", byteCount: 6_440_512
  )
  /// Landmarks, complexity 2.
  public static let heavy = Model(
    name: "heavy", file: "pose_landmark_heavy.tflite",
    sha256: "59e42d71bcd44cbdbabc419f0ff76686595fd265419566bd4009ef703ea8e1fe",
    byteCount: 27_709_200)
  /// Every model that there is.
  public static let all = [detector, lite, full, heavy]
}
