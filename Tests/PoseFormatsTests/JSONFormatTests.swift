import Foundation
import Images
import PoseFormats
import Stance
import Testing

@Suite("JSON")
struct JSONFormatTests {
  @Test("a result has the contract's keys in the contract's order")
  func order() throws {
    let text = try json(.sample(people: 1))
    let keys = text.matches(of: /"([a-zA-Z]+)":/).map { String($0.1) }
    let landmark = ["name", "x", "y", "z", "visibility", "presence"]
    func all(_ keys: [String]) -> [String] { (0..<33).flatMap { _ in keys } }
    #expect(
      keys == ["image", "width", "height", "model", "complexity", "name", "precision", "search"]
        + ["people", "score", "confidence", "presence", "box", "x", "y", "width", "height"]
        + ["landmarks"] + all(landmark + ["inFrame", "seen"])
        + ["worldLandmarks"] + all(landmark)
        + ["peopleFound", "timing", "decode", "detect", "landmarks", "total"])
  }

  @Test("the values read back as they were")
  func values() throws {
    let result = PoseResult.sample(people: 2)
    let object = try parse(json(result))
    #expect(object["image"] as? [String: Int] == ["width": 640, "height": 480])
    let model = try #require(object["model"] as? [String: Any])
    #expect(model["complexity"] as? Int == 1)
    #expect(model["name"] as? String == "full")
    #expect(model["precision"] as? String == "f32")
    #expect(model["search"] as? String == "thorough")
    let people = try #require(object["people"] as? [[String: Any]])
    #expect(people.count == 2)
    #expect(people[0]["id"] == nil)
    #expect((people[0]["score"] as? Double).map(Float.init) == result.people[0].score)
    #expect((people[0]["confidence"] as? Double).map(Float.init) == result.people[0].confidence)
    #expect(object["peopleFound"] as? Int == 2)
    #expect((people[0]["presence"] as? Double).map(Float.init) == result.people[0].presence)
    let landmarks = try #require(people[1]["landmarks"] as? [[String: Any]])
    let worldLandmarks = try #require(people[1]["worldLandmarks"] as? [[String: Any]])
    #expect(landmarks.count == 33 && worldLandmarks.count == 33)
    for (index, name) in LandmarkName.allCases.enumerated() {
      #expect(landmarks[index]["name"] as? String == name.rawValue)
      // Shortest digits: exactly the same Float again.
      let x = (landmarks[index]["x"] as? Double).map(Float.init)
      #expect(x == result.people[1].landmarks[name].x)
      let z = (worldLandmarks[index]["z"] as? Double).map(Float.init)
      #expect(z == result.people[1].worldLandmarks[name].z)
    }
  }

  @Test("a landmark says whether it is in the frame and whether it was seen")
  func seen() throws {
    var result = PoseResult.sample(people: 1)
    result.people[0].landmarks[.nose] = Landmark(x: 0, y: 0, z: 0, visibility: 1, presence: 1)
    result.people[0].landmarks[.leftEye].x = 1
    let people = try #require(try parse(json(result))["people"] as? [[String: Any]])
    let landmarks = try #require(people[0]["landmarks"] as? [[String: Any]])
    func flags(_ name: LandmarkName) -> [Bool?] {
      ["inFrame", "seen"].map { landmarks[name.index][$0] as? Bool }
    }
    #expect(flags(.nose) == [true, true])
    #expect(flags(.leftEye) == [false, false])
    #expect(flags(.leftEar) == [true, false])
  }

  @Test("times are milliseconds to the microsecond")
  func timing() throws {
    let text = try json(.sample(people: 0))
    #expect(
      text.hasSuffix(#""timing":{"decode":1.8,"detect":5.1,"landmarks":0.0,"total":12.235}}"#))
  }

  @Test("nobody found is an empty list")
  func nobody() throws {
    #expect(try json(.sample(people: 0)).contains(#""people":[],"#))
  }

  @Test("a line has the file first and ends in one newline")
  func lines() throws {
    let bytes = try PoseFormat.jsonLines.encode(.sample(people: 1), file: "a.jpg")
    let text = String(decoding: bytes, as: UTF8.self)
    #expect(text.hasPrefix(#"{"file":"a.jpg","image":"#))
    #expect(text.hasSuffix("}\n"))
    #expect(text.count { $0 == "\n" } == 1)
  }

  @Test(
    "any file name reads back",
    arguments: [
      "a \"quoted\" \\ name", "line\nbreak\tand\u{1}\u{1F}", "größe 照片 🧍", "\u{2028}/", "",
    ])
  func names(_ name: String) throws {
    let bytes = try PoseFormat.jsonLines.encode(.sample(people: 0), file: name)
    #expect(bytes.count { $0 == UInt8(ascii: "\n") } == 1)
    #expect(try parse(String(decoding: bytes, as: UTF8.self))["file"] as? String == name)
  }

  @Test("a number that is not finite is an error that names it", arguments: [Float.nan, .infinity])
  func notFinite(_ number: Float) {
    var result = PoseResult.sample(people: 1)
    result.people[0].worldLandmarks[.nose].y = number
    var error: PoseFormatError?
    do { _ = try PoseFormat.json.encode(result) } catch let thrown as PoseFormatError {
      error = thrown
    } catch { Issue.record(error) }
    #expect(error?.code == .notFinite)
    #expect(error?.message.contains("\"y\"") == true)
  }

  @Test(
    "extreme numbers are valid JSON and read back",
    arguments: [1e-9, -0.0, 3.4e38, 1.1754944e-38, 16_777_216, 0.1, -Float.leastNonzeroMagnitude]
      as [Float])
  func extremes(_ number: Float) throws {
    var result = PoseResult.sample(people: 1)
    result.people[0].score = number
    let people = try parse(json(result))["people"] as? [[String: Any]]
    let read = try #require(people?.first?["score"] as? Double)
    #expect(Float(read) == number)
  }

  @Test("every format is found by its name, and names differ")
  func registry() {
    for format in PoseFormat.all { #expect(PoseFormat.named(format.name)?.name == format.name) }
    #expect(Set(PoseFormat.all.map(\.name)).count == PoseFormat.all.count)
    #expect(PoseFormat.named("nothing") == nil)
  }

  private func json(_ result: PoseResult) throws -> String {
    String(decoding: try PoseFormat.json.encode(result), as: UTF8.self)
  }

  private func parse(_ text: String) throws -> [String: Any] {
    try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
  }
}

extension PoseResult {
  /// A made-up result whose numbers differ everywhere.
  static func sample(people: Int) -> PoseResult {
    func landmarks<Frame>(_ seed: Float) -> Landmarks<Frame> {
      Landmarks(
        (0..<33).map {
          let number = seed + Float($0) / 33
          return Landmark(
            x: number, y: number / 3, z: -number / 7, visibility: number / 100, presence: 0.999)
        })
    }
    return PoseResult(
      imageSize: ImageSize(width: 640, height: 480), complexity: .full, search: .thorough,
      precision: .f32,
      people: (0..<people).map {
        Person(
          score: 0.98 - Float($0) / 10, presence: 0.99, confidence: 0.75,
          box: PixelBox(x: 12, y: 30.5, width: 200, height: 410), landmarks: landmarks(Float($0)),
          worldLandmarks: landmarks(-1 - Float($0)))
      },
      timing: PoseTiming(
        decode: .microseconds(1800), detect: .microseconds(5100), landmarks: .nanoseconds(400),
        total: .nanoseconds(12_234_567)))
  }
}
