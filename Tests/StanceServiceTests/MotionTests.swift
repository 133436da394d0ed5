import Foundation
import PoseFormats
import PoseMotion
import Stance
import Testing

@testable import StanceService

@Suite("Angles and counts over HTTP", .timeLimit(.minutes(5)))
struct MotionTests {
  private func person(_ answer: [String: Any]) throws -> [String: Any] {
    try #require((answer["people"] as? [[String: Any]])?.first)
  }

  private func count(_ answer: [String: Any]) throws -> Int? {
    (try person(answer)["reps"] as? [String: Any])?["count"] as? Int
  }

  @Test("a photo's people have the angles that were asked for, null with the reason where unseen")
  func photo() async throws {
    let service = try await TestService()
    let photo = try FakeFinder.photo(people: 1)
    for (convention, straight) in [("", 0.0), ("&anglesConvention=mediapipe", 180)] {
      let answer = try await service.send(
        .photo(photo, to: "/v1/pose?angles=leftKnee,leftAnkle" + convention))
      let person = try person(answer.object)
      #expect((person["view"] as? [String: Any])?["from"] as? String == "side")
      #expect(person["reps"] == nil)
      let angles = try #require(person["angles"] as? [[String: Any]])
      #expect(angles.map { $0["name"] as? String } == ["leftKnee", "leftAnkle"])
      for way in ["plane", "world"] {
        let knee = try #require(angles[0][way] as? Double)
        #expect(abs(knee - straight) < 0.1, "\(way): \(knee)")
        #expect(angles[1][way] is NSNull && angles[1][way + "Missing"] as? String == "notSeen")
      }
    }
    let plain = try person(await service.send(.photo(photo)).object)
    #expect(plain["view"] == nil && plain["angles"] == nil)
    try await service.stop()
  }

  @Test("a form's field asks for angles too, and each photo of several has them")
  func form() async throws {
    let service = try await TestService()
    let photo = try FakeFinder.photo(people: 1)
    let parts: [(String, String?, [UInt8])] = [
      ("angles", nil, Array("trunk".utf8)), ("image", "a.png", photo), ("image", "b.png", photo),
    ]
    let answer = try await service.send(.form(parts, to: "/v1/pose"))
    let results = try JSONSerialization.jsonObject(with: Data(answer.body)) as? [[String: Any]]
    #expect(results?.count == 2)
    for result in results ?? [] { #expect(try person(result)["angles"] != nil) }
    try await service.stop()
  }

  @Test(
    "what names no angle, and counting in a photo, is refused with the parameter's name",
    arguments: ["angles=leftNee", "angles=", "anglesConvention=turns", "reps=squat"])
  func refused(query: String) async throws {
    let service = try await TestService()
    let answer = try await service.send(
      .photo(try FakeFinder.photo(people: 1), to: "/v1/pose?\(query)"))
    #expect(answer.status == 400)
    let detail = try answer.object["detail"] as? String
    #expect(detail?.contains(query.prefix { $0 != "=" }) == true, "\(detail ?? "")")
    try await service.stop()
  }

  @Test("a drawn photo shows the angles, and is not taken for one without them")
  func drawn() async throws {
    let service = try await TestService()
    let photo = try FakeFinder.photo(people: 1)
    func body(_ query: String) async throws -> [UInt8] {
      try await service.send(.photo(photo, to: "/v1/pose?\(query)")).body
    }
    let plain = try await body("output=png")
    #expect(try await body("output=png&angles=trunk") != plain)
    #expect(try await body("output=png") == plain)
    // Made of landmarks alone.
    #expect(try await body("output=csv&angles=trunk") == body("output=csv"))
    try await service.stop()
  }

  @Test("the patterns of the description take what the service takes")
  func patterns() throws {
    let angles = try Regex(MotionPatterns.angles)
    for text in [
      "all", "leftKnee", "leftKnee,trunk", "leftHip-leftKnee-leftAnkle", "",
      "leftKnee,", "leftKnee,leftKnee", "trunk,leftKnee,trunk", "all,trunk", "leftNee",
      "leftHip-leftHip-leftKnee", "leftHip-leftKnee-leftHip", "leftKnee-leftHip-leftHip",
      "leftEye-leftEyeInner-leftEyeOuter", "leftEyeInner-leftEye-nose", "leftHip-leftKnee",
      "leftHip-leftKnee-leftAnkle,leftHip-leftKnee-leftHeel", "leftHipleftKnee",
      Angle.all.map(\.name).joined(separator: ","),
    ] {
      #expect(
        (text.wholeMatch(of: angles) != nil) == (AngleNames(optionText: text) != nil), "\(text)")
    }
    let exercises = try Regex(MotionPatterns.exercise)
    for text in [
      "off", "auto", "squat", "push-up", "leftKnee", "height:leftWrist", "height:", "height:wrist",
      "leftHip-leftKnee-leftAnkle", "leftHip-leftHip-leftAnkle", "squats", "", "nose",
    ] {
      #expect(
        (text.wholeMatch(of: exercises) != nil)
          == (MotionOptions.Counting(optionText: text) != nil), "\(text)")
    }
  }

  @Test("a live session counts, goes on counting after other options, and anew after a reset")
  func live() async throws {
    var finder = FakeFinder()
    finder.tracker = { _, _ in SquattingTracker() }
    let service = try await TestService(finder: finder)
    let client = try await LiveClient(service.port, "/v1/live?angles=leftKnee&reps=squat")
    let options = try #require(try await client.object()["options"] as? [String: Any])
    #expect(options["angles"] as? String == "leftKnee" && options["reps"] as? String == "squat")
    #expect(options["anglesConvention"] as? String == "flexion")

    let photo = try FakeFinder.photo(people: 1)
    /// The answers to four seconds of frames.
    func squat(_ turn: Int) async throws -> [[String: Any]] {
      var answers: [[String: Any]] = []
      for number in 0..<20 {
        let time = "{\"time\": \(Double(4 * turn) + Double(number) / 5)}"
        // Together, or the second would wait for the first one's acknowledgement.
        try await client.send(LiveClient.frame(1, Array(time.utf8)) + LiveClient.frame(2, photo))
        answers.append(try await client.object())
      }
      return answers
    }
    let first = try await squat(0)
    #expect(try first.map(count).first == 0)
    #expect(try first.last.map(count) == 1)
    let deepest = try first.compactMap {
      ((try person($0)["angles"] as? [[String: Any]])?.first?["world"] as? Double)
    }.max()
    #expect(abs((deepest ?? 0) - 100) < 0.1)

    try await client.send("{\"options\": {\"maxPeople\": 3}}")
    #expect(try await client.object()["options"] != nil)
    #expect(try await squat(1).last.map(count) == 2)

    try await client.send("{\"reset\": true}")
    #expect(try await client.object()["reset"] as? Bool == true)
    #expect(try await squat(2).last.map(count) == 1)

    try await client.send("{\"options\": {\"angles\": null, \"reps\": \"curl\"}}")
    let changed = try #require(try await client.object()["options"] as? [String: Any])
    #expect(changed["angles"] is NSNull && changed["reps"] as? String == "curl")
    let last = try await squat(3)
    #expect(try last.last.map(count) == 0)
    #expect(try person(try #require(last.last))["angles"] == nil)

    try await client.send("{\"options\": {\"reps\": \"off\"}}")
    _ = try await client.object()
    try await client.send("{\"time\": 100}")
    try await client.send(binary: photo)
    let plain = try person(await client.object())
    #expect(plain["view"] == nil && plain["reps"] == nil && plain["landmarks"] != nil)
    try await service.stop()
  }
}
