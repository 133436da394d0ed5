extension PoseFormat {
  /// Every format, for lists and help: the one place where a format is entered.
  public static let all: [PoseFormat] = [
    json, jsonLines, csv, wideCSV, openPose, openPoseCOCO, coco, cocoResults, trc,
    c3d, bvh, gltf,
  ]
}
