import Foundation

/// What MediaPipe made of one picture (`testdata/golden/photos`, `testdata/golden/parity`).
public struct GoldenPicture: Decodable, Sendable {
  public var file: String
  public var width: Int
  public var height: Int
  public var rgb_crc32: String
  public var complexity: [String: GoldenPose]

  /// The goldens in a folder below `testdata`, by file name.
  public static func all(in folder: String) throws -> [GoldenPicture] {
    try FileManager.default.contentsOfDirectory(atPath: TestData.path(folder)).sorted()
      .filter { $0.hasSuffix(".json") && !$0.hasPrefix("seq_") && $0 != "noise_floor.json" }
      .map { try TestData.json(folder + "/" + $0) }
  }
}

/// What one complexity made of it.
public struct GoldenPose: Decodable, Sendable {
  public struct Detection: Decodable, Sendable {
    public var score: Double
    public var box: [Double]
    public var keypoints: [[Double]]
  }
  public struct Rect: Decodable, Sendable {
    public var x_center, y_center, width, height, rotation: Double
  }
  public struct Mask: Decodable, Sendable {
    public var file: String
    public var width, height: Int
  }
  public struct Stages: Decodable, Sendable {
    public var detections_before_nms: [Detection]?
    public var detections_after_nms_letterboxed: [Detection]?
    public var roi_before_expansion: Rect?
    public var roi_landmarks39_before_heatmap: [[Double]]?
    public var roi_landmarks39_after_heatmap: [[Double]]?
    public var roi_world_landmarks39: [[Double]]?
    public var auxiliary_landmarks: [[Double]]?
    public var next_roi_before_expansion: Rect?
  }
  public var pose_landmarks: [[Double]]?
  public var pose_world_landmarks: [[Double]]?
  public var pose_presence_score: Double?
  public var pose_detections: [Detection]?
  public var pose_rect_from_detection: Rect?
  public var pose_rect_from_landmarks: Rect?
  public var mask: Mask?
  public var stages: Stages?
}

/// How far MediaPipe's own landmarks move under noise of one grey level (`noise_floor.json`).
public struct NoiseFloor: Decodable, Sendable {
  public struct Entry: Decodable, Sendable {
    public var mean_px: Double
    public var max_px: Double
  }
  public var files: [String: [String: Entry?]]

  public static func load() throws -> NoiseFloor {
    try TestData.json("golden/parity/noise_floor.json")
  }

  public subscript(file: String, complexity: Int) -> Entry? {
    files[file]?[String(complexity)].flatMap(\.self)
  }
}

/// Raw outputs of the models for the exact inputs (`testdata/golden/tensors`).
public struct GoldenTensors: Decodable, Sendable {
  public struct Detector: Decodable, Sendable {
    public var input: String
    public var top20_anchors: [Int]
    public var top20_scores: [Float]
    public var top20_boxes: [[Float]]
  }
  public struct Landmarks: Decodable, Sendable {
    public struct Heatmap: Decodable, Sendable {
      public var mean: Double
      public var max_per_channel: [Float]
    }
    public struct Segmentation: Decodable, Sendable {
      public var mean: Double
      public var share_positive: Double
    }
    public var input: String
    public var landmarks_39x5: [Float]
    public var pose_flag: Float
    public var world_39x3: [Float]
    public var heatmap_64x64x39: Heatmap
    public var segmentation_256x256: Segmentation
  }
  public var file: String
  public var detector: Detector
  public var landmarks: [String: Landmarks]?

  public static func all() throws -> [GoldenTensors] {
    try FileManager.default.contentsOfDirectory(atPath: TestData.path("golden/tensors")).sorted()
      .filter { $0.hasSuffix(".json") }.map { try TestData.json("golden/tensors/" + $0) }
  }
}

extension TestData {
  /// A JSON file below `testdata`.
  public static func json<Value: Decodable>(_ relative: String) throws -> Value {
    try JSONDecoder().decode(
      Value.self, from: Data(contentsOf: URL(fileURLWithPath: path(relative))))
  }

  /// Little-endian floats of a file below `testdata`.
  public static func floats(_ relative: String) throws -> [Float] {
    let data = try Data(contentsOf: URL(fileURLWithPath: path(relative)))
    return data.withUnsafeBytes { bytes in
      (0..<bytes.count / 4).map {
        Float(bitPattern: UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: 4 * $0, as: UInt32.self)))
      }
    }
  }
}
