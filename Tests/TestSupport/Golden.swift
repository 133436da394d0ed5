import Foundation

/// What MediaPipe made of one picture (`testdata/golden/photos`, `testdata/golden/parity`).
package struct GoldenPicture: Decodable, Sendable {
  package var file: String
  package var width: Int
  package var height: Int
  package var rgb_crc32: String
  package var complexity: [String: GoldenPose]

  /// The goldens in a folder below `testdata`, by file name.
  package static func all(in folder: String) throws -> [GoldenPicture] {
    try FileManager.default.contentsOfDirectory(atPath: TestData.path(folder)).sorted()
      .filter { $0.hasSuffix(".json") && !$0.hasPrefix("seq_") && $0 != "noise_floor.json" }
      .map { try TestData.json(folder + "/" + $0) }
  }
}

/// What one complexity made of it.
package struct GoldenPose: Decodable, Sendable {
  package struct Detection: Decodable, Sendable {
    package var score: Double
    package var box: [Double]
    package var keypoints: [[Double]]
  }
  package struct Rect: Decodable, Sendable {
    package var x_center, y_center, width, height, rotation: Double
  }
  package struct Mask: Decodable, Sendable {
    package var file: String
    package var width, height: Int
  }
  package struct Stages: Decodable, Sendable {
    package var detections_before_nms: [Detection]?
    package var detections_after_nms_letterboxed: [Detection]?
    package var roi_before_expansion: Rect?
    package var roi_landmarks39_before_heatmap: [[Double]]?
    package var roi_landmarks39_after_heatmap: [[Double]]?
    package var roi_world_landmarks39: [[Double]]?
    package var auxiliary_landmarks: [[Double]]?
    package var next_roi_before_expansion: Rect?
  }
  package var pose_landmarks: [[Double]]?
  package var pose_world_landmarks: [[Double]]?
  package var pose_presence_score: Double?
  package var pose_detections: [Detection]?
  package var pose_rect_from_detection: Rect?
  package var pose_rect_from_landmarks: Rect?
  package var mask: Mask?
  package var stages: Stages?
}

/// How far MediaPipe's own landmarks move under noise of one grey level (`noise_floor.json`).
package struct NoiseFloor: Decodable, Sendable {
  package struct Entry: Decodable, Sendable {
    package var mean_px: Double
    package var max_px: Double
  }
  package var files: [String: [String: Entry?]]

  package static func load() throws -> NoiseFloor {
    try TestData.json("golden/parity/noise_floor.json")
  }

  package subscript(file: String, complexity: Int) -> Entry? {
    files[file]?[String(complexity)].flatMap(\.self)
  }
}

/// Raw outputs of the models for the exact inputs (`testdata/golden/tensors`).
package struct GoldenTensors: Decodable, Sendable {
  package struct Detector: Decodable, Sendable {
    package var input: String
    package var top20_anchors: [Int]
    package var top20_scores: [Float]
    package var top20_boxes: [[Float]]
  }
  package struct Landmarks: Decodable, Sendable {
    package struct Heatmap: Decodable, Sendable {
      package var mean: Double
      package var max_per_channel: [Float]
    }
    package struct Segmentation: Decodable, Sendable {
      package var mean: Double
      package var share_positive: Double
    }
    package var input: String
    package var landmarks_39x5: [Float]
    package var pose_flag: Float
    package var world_39x3: [Float]
    package var heatmap_64x64x39: Heatmap
    package var segmentation_256x256: Segmentation
  }
  package var file: String
  package var detector: Detector
  package var landmarks: [String: Landmarks]?

  package static func all() throws -> [GoldenTensors] {
    try FileManager.default.contentsOfDirectory(atPath: TestData.path("golden/tensors")).sorted()
      .filter { $0.hasSuffix(".json") }.map { try TestData.json("golden/tensors/" + $0) }
  }
}

extension TestData {
  /// A JSON file below `testdata`.
  package static func json<Value: Decodable>(_ relative: String) throws -> Value {
    try JSONDecoder().decode(
      Value.self, from: Data(contentsOf: URL(fileURLWithPath: path(relative))))
  }

  /// Little-endian floats of a file below `testdata`.
  package static func floats(_ relative: String) throws -> [Float] {
    let data = try Data(contentsOf: URL(fileURLWithPath: path(relative)))
    return data.withUnsafeBytes { bytes in
      (0..<bytes.count / 4).map {
        Float(
          bitPattern: UInt32(
            littleEndian: bytes.loadUnaligned(fromByteOffset: 4 * $0, as: UInt32.self)))
      }
    }
  }
}
