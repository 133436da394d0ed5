import Foundation
import PoseFormats
import Stance
import Testing

@testable import StanceService

@Suite("Other programs' formats over HTTP")
struct FormatAnswerTests {
  @Test(
    "output names a format of one file",
    arguments: [
      ("csv", "text/csv"), ("csv-wide", "text/csv"), ("openpose", "application/json"),
      ("openpose-coco", "application/json"), ("coco", "application/json"),
      ("coco-results", "application/json"),
    ])
  func output(name: String, type: String) async throws {
    let service = try await TestService()
    let answer = try await service.send(
      .photo(try FakeFinder.photo(people: 2), to: "/v1/pose?output=\(name)"))
    #expect(answer.status == 200 && answer["content-type"] == type)
    #expect(answer["stance-people"] == "2")
    let text = String(decoding: answer.body, as: UTF8.self)
    switch name {
    case "csv":
      let lines = text.split(separator: "\n")
      #expect(lines.count == 1 + 2 * 33)
      #expect(
        lines[0]
          == "person,landmark,x,y,z,visibility,presence,inFrame,seen,xPixels,yPixels,worldX,worldY,worldZ"
      )
    case "csv-wide": #expect(text.hasPrefix("person,x0,y0,z0,v0,x1,"))
    case "openpose": #expect(text.hasPrefix(#"{"version":1.3,"people":[{"person_id":[-1],"#))
    default: _ = try JSONSerialization.jsonObject(with: Data(answer.body))
    }
    try await service.stop()
  }

  @Test("Accept takes a table, and JSON stays what is given to who takes anything")
  func accept() async throws {
    let service = try await TestService()
    var request = TestRequest.photo(try FakeFinder.photo(people: 1))
    for (accept, type) in [
      ("text/csv", "text/csv"), ("text/*", "text/csv"), ("*/*", "application/json"),
      ("text/csv;q=0.5, application/json", "application/json"),
    ] {
      request.headers = [("Accept", accept)]
      #expect(try await service.send(request)["content-type"] == type, "\(accept)")
    }
    request.headers = [("Accept", "text/html")]
    let answer = try await service.send(request)
    #expect(
      answer.status == 406 && String(decoding: answer.body, as: UTF8.self).contains("text/csv"))
    try await service.stop()
  }

  @Test("a clip's results in a format are those of its encoder, without an empty piece")
  func video() async throws {
    let channel = ByteChannel()
    let answer = FormatAnswer(.csv) { channel.put($0) }
    let header = ResultsHeader(
      source: ResultsHeader.Source(file: "a.mp4", size: ImageSize(width: 4, height: 4)),
      pose: PoseOptions(), tracking: TrackingOptions(), precision: .f32)
    let result = PoseResult(
      imageSize: ImageSize(width: 4, height: 4), complexity: .full, search: .auto, precision: .f32,
      people: [], timing: PoseTiming())
    try answer.begin(header)
    for index in 0..<4 {
      try answer.add(TrackedFrame(index: index, time: Double(index), result: result, lost: []))
    }
    try answer.end(frames: 4, remarks: [])
    channel.finish()
    let piece = try #require(try await channel.next())
    #expect(String(decoding: piece, as: UTF8.self).hasPrefix("frame,time,id,person,landmark,"))
    #expect(try await channel.next() == nil)
  }
}
