import Foundation
import Images
import PoseFormats
import Stance
import Testing

@Suite("What formats say")
struct FormatTests {
  @Test("every number of a table of landmarks reads back as it was")
  func longTable() throws {
    let lines = try MadeUpClip.text(.csv, MadeUpClip.clip()).split(separator: "\n")
    let columns = lines[0].split(separator: ",").map(String.init)
    #expect(columns.prefix(5) == ["frame", "time", "id", "person", "landmark"])
    #expect(lines.count == 1 + 33 * 4)
    // Frame 2's second person, the left wrist.
    let cells = lines[1 + 33 + 33 + LandmarkName.leftWrist.index].split(separator: ",")
    let person = MadeUpClip.frames[2].people[1]
    let landmark = person.landmarks[.leftWrist]
    #expect(cells[0...4] == ["2", "0.08", "3", "2", "leftWrist"])
    #expect(Float(cells[5]) == landmark.x && Float(cells[6]) == landmark.y)
    #expect(cells[10...11] == ["true", "true"])
    #expect(Float(cells[12]) == landmark.x * 640)
    #expect(Float(cells[14]) == person.worldLandmarks[.leftWrist].x)
  }

  @Test("a file name with commas and quotes stays one cell")
  func quoted() throws {
    let bytes = try PoseFormat.csv.encode(
      MadeUpClip.frames[0].result, file: #"a "b", c.jpg"#)
    let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n")
    #expect(lines[0].hasPrefix("file,person,landmark,"))
    #expect(lines[1].hasPrefix(#""a ""b"", c.jpg",1,nose,"#))
    let accented = try PoseFormat.csv.encode(MadeUpClip.frames[0].result, file: "a\"\u{301}.jpg")
    #expect(accented.contains(Array("\n\"a\"\"\u{301}.jpg\",1,nose,".utf8)))
  }

  @Test("photos with and without names make one table of as many cells everywhere")
  func mixedPhotos() throws {
    for format in [PoseFormat.csv, .wideCSV] {
      for files in [["a.jpg", nil], [nil, "a.jpg"]] {
        var encoder = try #require(format.encoder(for: ExportSource(name: "photos")))
        var bytes = try encoder.begin()
        for (number, file) in files.enumerated() {
          bytes += try encoder.encode(
            .photo(MadeUpClip.frames[0].result, file: file, number: number))
        }
        bytes += try encoder.end()
        let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n")
        let counts = lines.map { $0.split(separator: ",", omittingEmptySubsequences: false).count }
        #expect(Set(counts).count == 1, "\(format.name), \(files)")
      }
    }
  }

  @Test("OpenPose's points are where its readers look for them, and 0 where there is none")
  func openPose() throws {
    let person = MadeUpClip.frames[0].people[0]
    let object = try json(PoseFormat.openPose.encode(MadeUpClip.frames[0].result))
    let people = try #require((object as? [String: Any])?["people"] as? [[String: Any]])
    let points = try #require(people[0]["pose_keypoints_2d"] as? [Double])
    #expect(points.count == 75 && people[0]["person_id"] as? [Int] == [1])
    func point(_ place: Int) -> [Float] { points[3 * place..<3 * place + 3].map(Float.init) }
    func pixels(_ name: LandmarkName) -> [Float] {
      let landmark = person.landmarks.pixels(in: MadeUpClip.size)[name]
      return [landmark.x, landmark.y, landmark.visibility]
    }
    #expect(point(0) == pixels(.nose))
    #expect(point(4) == pixels(.rightWrist) && point(7) == pixels(.leftWrist))
    #expect(point(9) == pixels(.rightHip) && point(12) == pixels(.leftHip))
    #expect(point(15) == pixels(.rightEye) && point(18) == pixels(.leftEar))
    let neck = zip(pixels(.leftShoulder), pixels(.rightShoulder)).map { ($0 + $1) / 2 }
    #expect(point(1) == neck)
    // No small toe in BlazePose; the right big toe is outside the picture.
    #expect(point(20) == [0, 0, 0] && point(22) == [0, 0, 0])
    #expect(point(24) == pixels(.rightHeel))
    for key in ["face_keypoints_2d", "hand_left_keypoints_2d", "pose_keypoints_3d"] {
      #expect((people[0][key] as? [Double])?.isEmpty == true, "\(key)")
    }
  }

  @Test("COCO's numbers agree with each other")
  func coco() throws {
    let text = try MadeUpClip.text(.coco, MadeUpClip.clip())
    let object = try #require(try json(Array(text.utf8)) as? [String: Any])
    let images = try #require(object["images"] as? [[String: Any]])
    let annotations = try #require(object["annotations"] as? [[String: Any]])
    #expect(images.map { $0["id"] as? Int } == [0, 1, 2, 3])
    #expect(images[2]["file_name"] as? String == "dance_000000000002.jpg")
    #expect(annotations.map { $0["id"] as? Int } == [1, 2, 3, 4])
    #expect(annotations.map { $0["image_id"] as? Int } == [0, 2, 2, 3])
    for annotation in annotations {
      let points = try #require(annotation["keypoints"] as? [Double])
      let labelled = stride(from: 2, to: 51, by: 3).count { points[$0] > 0 }
      #expect(points.count == 51 && annotation["num_keypoints"] as? Int == labelled)
      let box = try #require(annotation["bbox"] as? [Double])
      #expect(annotation["area"] as? Double == box[2] * box[3])
      #expect(box[0] >= 0 && box[1] >= 0 && box[1] + box[3] <= 480)
    }
  }

  @Test("results that COCO's evaluation reads have all points, also those outside the picture")
  func cocoResults() throws {
    let text = try MadeUpClip.text(.cocoResults, MadeUpClip.clip())
    let list = try #require(try json(Array(text.utf8)) as? [[String: Any]])
    #expect(list.count == 4 && list.allSatisfy { ($0["keypoints"] as? [Double])?.count == 51 })
    #expect(list.allSatisfy { !(($0["keypoints"] as? [Double])?.contains(0) ?? true) })
    #expect(list[0]["score"] as? Double == 0.625)
  }

  @Test("photos whose names are numbers have these as COCO's ids; no two have one")
  func cocoPhotoIDs() throws {
    var encoder = try #require(PoseFormat.cocoResults.encoder(for: ExportSource(name: "photos")))
    let result = MadeUpClip.frames[0].result
    let files = ["000000000139.jpg", "b.jpg", "x/139.png", "000000000002.jpg"]
    let ids = try files.enumerated().map { number, file in
      let bytes = try encoder.encode(.photo(result, file: file, number: number))
      let text = String(decoding: bytes, as: UTF8.self)
      return text.firstMatch(of: /"image_id":(\d+)/).map { String($0.1) }
    }
    #expect(ids == ["139", "2", "140", "3"])
  }

  @Test("without any frame, and without people, every file is whole", arguments: [0, 3])
  func empty(frames: Int) throws {
    let clip = try MadeUpClip.clip(
      (0..<frames).map { MadeUpClip.frame($0, time: Double($0) / 25, []) })
    for format in PoseFormat.all where format.contents.contains(.clips) {
      if case .filePerFrame = format.division { continue }
      // A figure needs somebody.
      if format.name == "bvh" { continue }
      let text = try MadeUpClip.text(format, clip)
      #expect(!text.isEmpty, "\(format.name)")
      if format.fileExtension == "json" { _ = try json(Array(text.utf8)) }
    }
    #expect(try MadeUpClip.text(.csv, clip).split(separator: "\n").count == 1)
    #expect(try MadeUpClip.text(.trc, clip).contains("\t\(frames)\t33\tm\t"))
  }

  @Test(
    "a number that is not finite is an error, in every format", arguments: [Float.nan, .infinity])
  func notFinite(_ number: Float) throws {
    var frame = MadeUpClip.frames[0]
    frame.result.people[0].landmarks[.nose].x = number
    var clip = try MadeUpClip.clip([])
    #expect(throws: PoseFormatError.self) { try clip.append(frame) }
    for format in PoseFormat.all where format.contents.contains(.photos) {
      do {
        // OpenPose and COCO have no place for a point outside the picture, wherever that is.
        let text = try String(decoding: format.encode(frame.result), as: UTF8.self).lowercased()
        #expect(!text.contains("nan") && !text.contains("inf,"), "\(format.name)")
      } catch { #expect((error as? PoseFormatError)?.code == .notFinite, "\(format.name)") }
    }
  }

  @Test("what a format has no place for is refused with the reason")
  func unsuitable() throws {
    let clip = try MadeUpClip.clip()
    for format in [PoseFormat.json, .openPose, .trc] {
      #expect(throws: PoseFormatError.self, "\(format.name)") { try format.write(clip) { _ in } }
    }
    #expect(throws: PoseFormatError.self) {
      _ = try PoseFormat.trc.encode(MadeUpClip.frames[0].result)
    }
  }

  private func json(_ bytes: [UInt8]) throws -> Any {
    try JSONSerialization.jsonObject(with: Data(bytes))
  }
}
