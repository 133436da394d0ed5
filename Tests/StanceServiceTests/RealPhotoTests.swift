import Foundation
import Images
import Inference
import PoseFormats
import PoseVideo
import Stance
import StanceJobs
import TestSupport
import Testing

@testable import StanceService

/// Whether people can really be found.
private let hasModels = [Model.detector, .full].allSatisfy {
  ModelFolder.find().state(of: $0) == .present
}

private let hasEveryModel = [Model.lite, .heavy].allSatisfy {
  ModelFolder.find().state(of: $0) == .present
}

@Suite(
  "The service on real photos",
  .enabled(if: TestData.isPresent, Comment(rawValue: TestData.missing)),
  .enabled(if: hasModels, "needs the models: run `make models`"), .serialized)
struct RealPhotoTests {
  private func service() async throws -> TestService {
    var configuration = ServiceConfiguration()
    configuration.server.cacheSize = 0
    // A busy machine makes callers wait; being refused is another test's matter.
    configuration.server.queueTime = .seconds(60)
    configuration.server.requestTime = .seconds(120)
    return try await TestService(
      configuration, finder: try LandmarkerPeopleFinder(configuration))
  }

  @Test("many callers at once get their own photo's numbers, those of the library")
  func noMixUp() async throws {
    let names = ["tfjs_pose.jpg", "none_flower.jpg", "human_group2.jpg", "exlpose_417.png"]
    let landmarker = try PoseLandmarker()
    var wanted: [String: NSArray] = [:]
    var photos: [String: [UInt8]] = [:]
    for name in names {
      let photo = try TestData.photo("photos/" + name)
      photos[name] = photo.bytes
      let result = try await landmarker.result(for: photo)
      wanted[name] = try people(PoseFormat.json.encode(result))
    }
    let service = try await service()
    try await withThrowingTaskGroup(of: (String, TestAnswer).self) { group in
      for number in 0..<24 {
        let name = names[number % names.count]
        let photo = try #require(photos[name])
        group.addTask { (name, try await service.send(.photo(photo))) }
      }
      for try await (name, answer) in group {
        #expect(answer.status == 200)
        #expect(try people(answer.body) == wanted[name], "\(name)")
      }
    }
    try await service.stop()
  }

  @Test("as a job photos have the numbers that the library gives them, their sizes and their names")
  func asJob() throws {
    let names = ["tfjs_pose.jpg", "none_flower.jpg", "human_group2.jpg", "exlpose_417.png"]
    let configuration = ServiceConfiguration()
    let finder = try #require(try LandmarkerPeopleFinder(configuration).forJobs)
    let jobs = try TestJobs()
    let photos = try names.map { ($0, try TestData.photo("photos/" + $0).bytes) }
    let job = try jobs.run(try jobs.submit(.photos, photos, []), finder)
    #expect(job.state == .done)
    let lines = try jobs.lines(of: job)
    let landmarker = try PoseLandmarker()
    for ((name, bytes), line) in zip(photos, lines) {
      let direct = try landmarker.result(for: EncodedImage(bytes))
      let wanted = try #require(
        try JSONSerialization.jsonObject(with: Data(PoseFormat.json.encode(direct, file: name)))
          as? [String: Any])
      func untimed(_ object: [String: Any]) -> NSDictionary {
        object.filter { $0.key != "timing" } as NSDictionary
      }
      #expect(untimed(line) == untimed(wanted), "\(name)")
    }
  }

  private func people(_ json: [UInt8]) throws -> NSArray? {
    let object = try JSONSerialization.jsonObject(with: Data(json)) as? [String: Any]
    return object?["people"] as? NSArray
  }

  private struct Expectations: Decodable {
    struct File: Decodable {
      var expect: String
      var width, height: Int?
      var reason, may_also: String?
      var pose: Bool?
    }
    var files: [String: File]
  }

  @Test(
    "with --adaptive long waits step the search down, then the model, a calm steps back, and answers say so",
    .enabled(if: hasEveryModel, "needs the lite and heavy models: run `make models`"))
  func adaptive() async throws {
    var configuration = ServiceConfiguration()
    configuration.pose.complexity = .heavy
    configuration.engine.threads = 1
    configuration.server.adaptive = true
    configuration.server.cacheSize = 0
    configuration.server.queueTime = .seconds(60)
    let clock = TestClock()
    let gates = [11: TestGate(), 12: TestGate(), 13: TestGate()]
    let finder = HeldFinder(base: try LandmarkerPeopleFinder(configuration), gates: gates)
    let service = try await TestService(configuration, finder: finder, time: { clock.now })
    try await service.waitUntilReady()
    let photo = try TestData.photo("photos/tfjs_pose.jpg").bytes
    func effort() async throws -> String {
      let answer = try await service.send(.photo(photo))
      #expect(answer["stance-people"] == "1")
      let model = try answer.object["model"] as? [String: Any]
      #expect(model?["name"] as? String == answer["stance-model"])
      #expect(model?["search"] as? String == answer["stance-search"])
      return "\(answer["stance-model"] ?? "") \(answer["stance-search"] ?? "")"
    }

    #expect(try await effort() == "heavy auto")
    for (people, lesser) in [(11, "heavy quick"), (12, "full quick"), (13, "lite quick")] {
      let gate = try #require(gates[people])
      async let held = service.send(.photo(photo, to: "/v1/pose?maxPeople=\(people)"))
      try await gate.wait(forCalls: 1)
      async let waiting = effort()
      try await service.waitUntilOneWaits()
      clock.advance(by: configuration.server.adaptiveTarget + .milliseconds(1))
      gate.open()
      #expect(try await held.status == 200)
      #expect(try await waiting != lesser)
      #expect(try await effort() == lesser)
      clock.advance(by: AdaptiveEffort.holdDown)
    }
    for greater in ["full quick", "heavy quick", "heavy auto"] {
      clock.advance(by: AdaptiveEffort.holdUp)
      #expect(try await effort() == greater)
    }
    try await service.stop()
  }

  /// The models' finder, which holds back who asks for so many people.
  private struct HeldFinder: PeopleFinder {
    let base: LandmarkerPeopleFinder
    let gates: [Int: TestGate]

    var engineCount: Int { base.engineCount }
    var precision: Precision { base.precision }

    func resultAndPhoto(
      for photo: EncodedImage, options: PoseOptions, onStart: @escaping @Sendable () -> Void
    ) async throws -> (result: PoseResult, photo: Photo) {
      onStart()
      await gates[options.maxPeople]?.pass()
      return try await base.resultAndPhoto(for: photo, options: options) {}
    }

    func liveTracker(
      _ options: PoseOptions, _ tracking: TrackingOptions
    ) throws -> any LiveTracker {
      try base.liveTracker(options, tracking)
    }

    func clipTracker(
      _ options: PoseOptions, _ tracking: TrackingOptions
    ) throws -> any FrameTracker {
      try base.clipTracker(options, tracking)
    }
  }

  @Test("odd files are answered as they should, and never end the service")
  func oddFiles() async throws {
    let expectations: Expectations = try TestData.json("odd/expectations.json")
    let service = try await service()
    for (name, wanted) in expectations.files.sorted(by: { $0.key < $1.key }) {
      let bytes = Array(try Data(contentsOf: URL(fileURLWithPath: TestData.path("odd/" + name))))
      let answer = try await service.send(.photo(bytes))
      switch wanted.expect {
      case "ok":
        if wanted.may_also != nil, answer.status != 200 { break }
        #expect(answer.status == 200, "\(name): \(answer.text.prefix(300))")
        let size = try answer.object["image"] as? [String: Int]
        #expect(size?["width"] == wanted.width && size?["height"] == wanted.height, "\(name)")
      case "error":
        if wanted.may_also != nil, answer.status == 200 { break }
        #expect([413, 415, 422].contains(answer.status), "\(name): \(answer.status)")
        #expect(answer["content-type"] == "application/problem+json", "\(name)")
        let status = ["too_large": 413, "unsupported_format": 415][wanted.reason ?? ""]
        if let status, wanted.may_also == nil { #expect(answer.status == status, "\(name)") }
      default: #expect(answer.status < 500, "\(name): \(answer.status)")
      }
    }
    #expect(try await service.get("/healthz").status == 200)
    try await service.stop()
  }
}
