import Stance

extension PoseFormat {
  /// A file a frame with 25 points a person.
  public static let openPose = PoseFormat(
    name: "openpose", fileExtensions: ["json"], mediaType: "application/json",
    summary: "OpenPose's JSON, BODY_25: a folder with a file a frame",
    division: .filePerFrame(suffix: "_keypoints.json"),
    encoding: .streamed { _ in OpenPoseEncoder(points: OpenPosePoint.body25) })

  /// A file a frame with 18 points a person.
  public static let openPoseCOCO = PoseFormat(
    name: "openpose-coco", fileExtensions: ["json"], mediaType: "application/json",
    summary: "OpenPose's JSON with the 18 points of its COCO model: a folder with a file a frame",
    division: .filePerFrame(suffix: "_keypoints.json"),
    encoding: .streamed { _ in OpenPoseEncoder(points: OpenPosePoint.coco18) })
}

/// A point of OpenPose's bodies.
///
/// Orders and names: OpenPose's documentation, `doc/02_output.md` in CMU-Perceptual-Computing-Lab/openpose.
enum OpenPosePoint {
  case landmark(LandmarkName)
  /// Half-way between two.
  case middle(LandmarkName, LandmarkName)
  /// BlazePose has no such point.
  case missing

  static let body25: [OpenPosePoint] = [
    .landmark(.nose), .middle(.leftShoulder, .rightShoulder),
    .landmark(.rightShoulder), .landmark(.rightElbow), .landmark(.rightWrist),
    .landmark(.leftShoulder), .landmark(.leftElbow), .landmark(.leftWrist),
    .middle(.leftHip, .rightHip),
    .landmark(.rightHip), .landmark(.rightKnee), .landmark(.rightAnkle),
    .landmark(.leftHip), .landmark(.leftKnee), .landmark(.leftAnkle),
    .landmark(.rightEye), .landmark(.leftEye), .landmark(.rightEar), .landmark(.leftEar),
    // Big toe, small toe, heel.
    .landmark(.leftFootIndex), .missing, .landmark(.leftHeel),
    .landmark(.rightFootIndex), .missing, .landmark(.rightHeel),
  ]

  static let coco18: [OpenPosePoint] = [
    .landmark(.nose), .middle(.leftShoulder, .rightShoulder),
    .landmark(.rightShoulder), .landmark(.rightElbow), .landmark(.rightWrist),
    .landmark(.leftShoulder), .landmark(.leftElbow), .landmark(.leftWrist),
    .landmark(.rightHip), .landmark(.rightKnee), .landmark(.rightAnkle),
    .landmark(.leftHip), .landmark(.leftKnee), .landmark(.leftAnkle),
    .landmark(.rightEye), .landmark(.leftEye), .landmark(.rightEar), .landmark(.leftEar),
  ]

  /// x and y in pixels, and the visibility as confidence; nil for what OpenPose would not give: what is missing or outside the
  /// picture.
  func place(in person: Person, _ pixels: Landmarks<Pixels>) -> (Float, Float, Float)? {
    switch self {
    case .landmark(let name):
      guard person.landmarks[name].inFrame else { return nil }
      let point = pixels[name]
      return (point.x, point.y, point.visibility)
    case .middle(let one, let other):
      guard person.landmarks[one].inFrame, person.landmarks[other].inFrame else { return nil }
      let (a, b) = (pixels[one], pixels[other])
      return ((a.x + b.x) / 2, (a.y + b.y) / 2, min(a.visibility, b.visibility))
    case .missing: return nil
    }
  }
}

/// A file as version 1.3 of OpenPose writes it, with the arrays of hands, face and 3D that its readers look for.
private struct OpenPoseEncoder: PoseEncoder {
  let points: [OpenPosePoint]

  func encode(_ frame: ExportFrame) throws -> [UInt8] {
    var writer = JSONWriter(capacity: 256 + 1024 * frame.people.count)
    try writer.object { (json) throws(PoseFormatError) in
      json.key("version")
      try json.value(1.3, "version")
      json.key("people")
      try json.array { (json) throws(PoseFormatError) in
        for person in frame.people {
          try json.object { (json) throws(PoseFormatError) in
            try write(person, in: frame, to: &json)
          }
        }
      }
    }
    return writer.bytes + [UInt8(ascii: "\n")]
  }

  private func write(
    _ person: Person, in frame: ExportFrame, to json: inout JSONWriter
  ) throws(PoseFormatError) {
    // -1 is OpenPose's word for: not followed.
    let id = person.id ?? -1
    json.key("person_id")
    json.array { $0.value(id) }
    let pixels = person.landmarks.pixels(in: frame.imageSize)
    json.key("pose_keypoints_2d")
    try json.array { (json) throws(PoseFormatError) in
      for point in points {
        let (x, y, confidence) = point.place(in: person, pixels) ?? (0, 0, 0)
        try json.value(x, "x")
        try json.value(y, "y")
        try json.value(confidence, "visibility")
      }
    }
    for key: StaticString in [
      "face_keypoints_2d", "hand_left_keypoints_2d", "hand_right_keypoints_2d",
      "pose_keypoints_3d", "face_keypoints_3d", "hand_left_keypoints_3d",
      "hand_right_keypoints_3d",
    ] {
      json.key(key)
      json.array { _ in }
    }
  }
}
