import Foundation
import PoseFormats
import Stance
import Testing

@Suite("Formats, compared with kept files")
struct KeptFileTests {
  @Test(
    "a clip is written as it always was",
    arguments: [
      (PoseFormat.csv, "dance.csv"), (.wideCSV, "dance-wide.csv"), (.coco, "dance-coco.json"),
      (.cocoResults, "dance-results.json"),
    ])
  func clip(format: PoseFormat, name: String) throws {
    try Kept.check(MadeUpClip.streamed(format), name)
  }

  @Test("a person's markers are written as they always were, NaN where they were not seen")
  func markers() throws {
    let text = try MadeUpClip.text(.trc, MadeUpClip.clip().only(3))
    try Kept.check(text, "dance.3.trc")
    let rows = text.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(rows[5].isEmpty && rows.last?.isEmpty == true)
    for row in rows[6..<10] {
      #expect(row.split(separator: "\t", omittingEmptySubsequences: false).count == 3 * 33 + 2)
    }
    #expect(rows[6].split(separator: "\t").dropFirst(2).allSatisfy { $0 == "NaN" })
    #expect(rows[8].hasPrefix("3\t0.080000\t0.015625\t"))
  }

  @Test(
    "a photo is written as it always was",
    arguments: [
      (PoseFormat.csv, "photo.csv"), (.wideCSV, "photo-wide.csv"),
      (.openPose, "photo-openpose.json"),
      (.openPoseCOCO, "photo-openpose-coco.json"), (.coco, "photo-coco.json"),
    ])
  func photo(format: PoseFormat, name: String) throws {
    var result = MadeUpClip.frames[2].result
    for place in result.people.indices { result.people[place].id = nil }
    let bytes = try format.encode(result, file: format == .csv ? nil : "a, b/000000000139.jpg")
    try Kept.check(String(decoding: bytes, as: UTF8.self), name)
  }

  @Test("angles are written as they always were, NaN where one is missing, and no row without any")
  func angles() throws {
    var table = MotionTable(name: "squat 1", columns: ["left knee", "rightKnee"], inDegrees: true)
    try table.append(time: 0, [12.5, 13])
    try table.append(time: 0.04, [nil, nil])
    try table.append(time: 0.08, [nil, -170.25])
    var bytes: [UInt8] = []
    try table.write { bytes += $0 }
    try Kept.check(String(decoding: bytes, as: UTF8.self), "squat.mot")
    #expect(table.rowCount == 2)
    #expect(throws: PoseFormatError.self) { try table.append(time: 0.08, [1, 2]) }
    #expect(throws: PoseFormatError.self) { try table.append(time: 1, [.nan, 2]) }
  }
}
