/// One file of a model, and how to know that it is the right one.
public struct ModelFile: Sendable, Hashable {
  /// The file's name in the models folder.
  public let name: String
  /// The file's SHA-256, 64 lower-case hexadecimal digits.
  public let sha256: String
  /// The file's size.
  public let byteCount: Int
}

/// A model and the files that it consists of. All are under Apache-2.0; who made them says THIRD_PARTY_NOTICES.md.
public struct Model: Sendable, Hashable {
  /// A short word: "detector", "lite", "full", "heavy", "movenet", "nanodet".
  public let name: String
  /// What it consists of: the first one is opened, the others lie beside it.
  public let files: [ModelFile]

  /// The size of all files.
  public var byteCount: Int { files.reduce(0) { $0 + $1.byteCount } }

  /// Finds people (BlazePose detector, 224 px).
  public static let detector = Model(
    name: "detector",
    files: [
      ModelFile(
        name: "pose_detection.tflite",
        sha256: "9ba9dd3d42efaaba86b4ff0122b06f29c4122e756b329d89dca1e297fd8f866c",
        byteCount: 2_959_046)
    ])
  /// Landmarks, complexity 0.
  public static let lite = Model(
    name: "lite",
    files: [
      ModelFile(
        name: "pose_landmark_lite.tflite",
        sha256: "f17bfbecadb61c3be1baa8b8d851cc6619c870a87167b32848ad20db306b9d61",
        byteCount: 2_819_824)
    ])
  /// Landmarks, complexity 1.
  public static let full = Model(
    name: "full",
    files: [
      ModelFile(
        name: "pose_landmark_full.tflite",
        sha256: "e9a5c5cb17f736fafd4c2ec1da3b3d331d6edbe8a0d32395855aeb2cdfd64b9f",
        byteCount: 6_440_512)
    ])
  /// Landmarks, complexity 2.
  public static let heavy = Model(
    name: "heavy",
    files: [
      ModelFile(
        name: "pose_landmark_heavy.tflite",
        sha256: "59e42d71bcd44cbdbabc419f0ff76686595fd265419566bd4009ef703ea8e1fe",
        byteCount: 27_709_200)
    ])
  /// Scouts for people by 17 joints each (Google's MoveNet MultiPose Lightning).
  public static let moveNet = Model(
    name: "movenet",
    files: [
      ModelFile(
        name: "movenet_multipose_lightning.tflite",
        sha256: "d4489f89e6bd6777a8b9a1a16189832131f84ff90d82fae729e670b84d7948dd",
        byteCount: 9_585_276)
    ])
  /// Scouts for people by their boxes (NanoDet-m, 320 px).
  public static let nanoDet = Model(
    name: "nanodet",
    files: [
      ModelFile(
        name: "nanodet_m.xml",
        sha256: "5cd4df2489342bbe20771d7d3c2925775cbd1cc2fb7bb95935b994bf1664d408",
        byteCount: 294_092),
      ModelFile(
        name: "nanodet_m.bin",
        sha256: "dbb2723e1a321217ce72f897b2a109b0f45340d91d05258259911a3474c6edf5",
        byteCount: 3_767_832),
    ])
  /// Every model that there is.
  public static let all = [detector, lite, full, heavy, moveNet, nanoDet]
}
