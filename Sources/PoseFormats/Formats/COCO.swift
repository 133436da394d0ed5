import Images
import Stance

extension PoseFormat {
  /// Images, categories and annotations, as data sets have them.
  public static let coco = PoseFormat(
    name: "coco", fileExtensions: ["json"], mediaType: "application/json",
    summary: "COCO's annotations with 17 keypoints a person, for training and correction",
    encoding: .streamed { COCOAnnotations(source: $0) })

  /// The list that COCO's evaluation reads.
  public static let cocoResults = PoseFormat(
    name: "coco-results", fileExtensions: ["json"], mediaType: "application/json",
    summary: "COCO's list of results with 17 keypoints a person, for its evaluation",
    encoding: .streamed { _ in COCOResults() })
}

/// The 17 keypoints of COCO's people, their names and their skeleton, from the annotations of the data set
/// (person_keypoints_val2017.json at cocodataset.org).
enum COCOBody {
  static let keypoints: [(name: StaticString, landmark: LandmarkName)] = [
    ("nose", .nose), ("left_eye", .leftEye), ("right_eye", .rightEye), ("left_ear", .leftEar),
    ("right_ear", .rightEar), ("left_shoulder", .leftShoulder),
    ("right_shoulder", .rightShoulder), ("left_elbow", .leftElbow),
    ("right_elbow", .rightElbow), ("left_wrist", .leftWrist), ("right_wrist", .rightWrist),
    ("left_hip", .leftHip), ("right_hip", .rightHip), ("left_knee", .leftKnee),
    ("right_knee", .rightKnee), ("left_ankle", .leftAnkle), ("right_ankle", .rightAnkle),
  ]

  /// Pairs of keypoints, counted from 1.
  static let skeleton: [(Int, Int)] = [
    (16, 14), (14, 12), (17, 15), (15, 13), (12, 13), (6, 12), (7, 13), (6, 7), (6, 8), (7, 9),
    (8, 10), (9, 11), (2, 3), (1, 2), (1, 3), (2, 4), (3, 5), (4, 6), (5, 7),
  ]
}

/// The numbers of images: a frame's own; of a photo its name, where that is a number as in COCO's data sets, else its place
/// from 1.
private struct COCOImageIDs {
  private var taken: Set<Int> = []

  mutating func next(for frame: ExportFrame) -> Int {
    guard case .photo(_, let file, let number) = frame else { return frame.index }
    var id = number + 1
    if let file, let own = Self.number(in: ExportSource.stem(of: file)) { id = own }
    while !taken.insert(id).inserted { id += 1 }
    return id
  }

  /// "000000000139" is 139.
  private static func number(in name: String) -> Int? {
    guard name.utf8.count <= 15, name.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
      return nil
    }
    return Int(name)
  }
}

/// `[{"image_id": …, "category_id": 1, "keypoints": [x, y, visibility, …], "score": …}, …]`
private struct COCOResults: PoseEncoder {
  private var ids = COCOImageIDs()
  private var hasElement = false

  mutating func begin() -> [UInt8] { Array("[".utf8) }

  mutating func encode(_ frame: ExportFrame) throws -> [UInt8] {
    let image = ids.next(for: frame)
    var bytes: [UInt8] = []
    for person in frame.people {
      let pixels = person.landmarks.pixels(in: frame.imageSize)
      var writer = JSONWriter(capacity: 1024)
      try writer.object { (json) throws(PoseFormatError) in
        json.member("image_id", image)
        json.member("category_id", 1)
        json.key("keypoints")
        try json.array { (json) throws(PoseFormatError) in
          // All of them: of a point at 0, 0 COCO's evaluation would make a larger person.
          for (_, landmark) in COCOBody.keypoints {
            try json.value(pixels[landmark].x, "x")
            try json.value(pixels[landmark].y, "y")
            try json.value(pixels[landmark].visibility, "visibility")
          }
        }
        try json.member("score", person.confidence)
      }
      if hasElement { bytes.append(UInt8(ascii: ",")) }
      hasElement = true
      bytes += [UInt8(ascii: "\n")] + writer.bytes
    }
    return bytes
  }

  func end() -> [UInt8] { Array("\n]\n".utf8) }
}

/// `{"info": …, "categories": …, "annotations": […], "images": […]}`
private struct COCOAnnotations: PoseEncoder {
  /// An image that is named at the end, when all are known.
  private struct Picture {
    let id: Int
    let size: ImageSize
    let file: String?
  }

  let source: ExportSource
  private var ids = COCOImageIDs()
  private var pictures: [Picture] = []
  private var count = 0

  init(source: ExportSource) { self.source = source }

  func begin() -> [UInt8] {
    var writer = JSONWriter(capacity: 1024)
    writer.object { json in
      json.key("info")
      json.object {
        $0.member("description", source.header?.source.file ?? source.name)
        $0.member("contributor", "stance")
      }
      json.key("categories")
      json.array { json in
        json.object { json in
          json.member("id", 1)
          json.member("name", "person")
          json.member("supercategory", "person")
          json.key("keypoints")
          json.array { json in
            for (name, _) in COCOBody.keypoints { json.value("\(name)") }
          }
          json.key("skeleton")
          json.array { json in
            for (one, other) in COCOBody.skeleton {
              json.array {
                $0.value(one)
                $0.value(other)
              }
            }
          }
        }
      }
    }
    return writer.bytes.dropLast() + Array(",\n\"annotations\":[".utf8)
  }

  mutating func encode(_ frame: ExportFrame) throws -> [UInt8] {
    let image = ids.next(for: frame)
    var bytes: [UInt8] = []
    for person in frame.people {
      // From 1: COCO's evaluation takes 0 for no annotation.
      count += 1
      var writer = JSONWriter(capacity: 1024)
      try writer.object { (json) throws(PoseFormatError) in
        json.member("id", count)
        json.member("image_id", image)
        json.member("category_id", 1)
        try Self.write(person, in: frame.imageSize, to: &json)
        try json.member("score", person.confidence)
        if let id = person.id { json.member("track_id", id) }
      }
      bytes += Array((count > 1 ? ",\n" : "\n").utf8) + writer.bytes
    }
    pictures.append(Picture(id: image, size: frame.imageSize, file: frame.file))
    return bytes
  }

  func end() -> [UInt8] {
    var bytes = Array("\n],\n\"images\":[".utf8)
    for (place, picture) in pictures.enumerated() {
      var writer = JSONWriter(capacity: 128)
      writer.object {
        $0.member("id", picture.id)
        $0.member("width", picture.size.width)
        $0.member("height", picture.size.height)
        $0.member("file_name", picture.file ?? name(of: picture))
      }
      bytes += Array((place > 0 ? ",\n" : "\n").utf8) + writer.bytes
    }
    return bytes + Array("\n]}\n".utf8)
  }

  /// Of a photo without a name, and of a frame as who takes pictures out of the clip would name it.
  private func name(of picture: Picture) -> String {
    (source.header == nil ? source.name : source.frameName(picture.id)) + ".jpg"
  }

  private static func write(
    _ person: Person, in size: ImageSize, to json: inout JSONWriter
  ) throws(PoseFormatError) {
    let pixels = person.landmarks.pixels(in: size)
    var labelled = 0
    json.key("keypoints")
    try json.array { (json) throws(PoseFormatError) in
      for (_, name) in COCOBody.keypoints {
        let landmark = person.landmarks[name]
        guard landmark.inFrame else {
          for _ in 0..<3 { json.value(0) }
          continue
        }
        labelled += 1
        try json.value(pixels[name].x, "x")
        try json.value(pixels[name].y, "y")
        json.value(landmark.seen ? 2 : 1)
      }
    }
    json.member("num_keypoints", labelled)
    // What of the box is in the picture.
    let (width, height) = (Float(size.width), Float(size.height))
    let left = min(max(0, person.box.x), width)
    let top = min(max(0, person.box.y), height)
    let right = min(max(left, person.box.x + person.box.width), width)
    let bottom = min(max(top, person.box.y + person.box.height), height)
    json.key("bbox")
    try json.array { (json) throws(PoseFormatError) in
      for edge in [left, top, right - left, bottom - top] { try json.value(edge, "bbox") }
    }
    try json.member("area", (right - left) * (bottom - top))
    json.member("iscrowd", 0)
  }
}
