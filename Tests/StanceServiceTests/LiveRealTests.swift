import Foundation
import Images
import Inference
import PoseFormats
import Stance
import TestSupport
import Testing

@testable import StanceService

@Suite(
  "Live pictures of real people", .timeLimit(.minutes(5)),
  .enabled(if: TestData.isPresent, Comment(rawValue: TestData.missing)),
  .enabled(
    if: [Model.detector, .full].allSatisfy { ModelFolder.find().state(of: $0) == .present },
    "needs the models: run `make models`"))
struct LiveRealTests {
  @Test(
    "sessions side by side give the numbers of the library's own tracker, and so do they after a reset"
  )
  func squats() async throws {
    let frames = try (0..<6).map {
      try TestData.photo(String(format: "parity/seq_squats/%03d.png", $0)).bytes
    }
    let options = PoseOptions(maxPeople: 1, search: .quick)
    let tracker = try PoseTracker(with: PoseLandmarker(options))
    var wanted: [String] = []
    for (number, frame) in frames.enumerated() {
      let tracked = try await tracker.track(EncodedImage(frame), at: Double(number) / 30)
      wanted.append(
        try people(String(decoding: ResultsLine.frame(tracked).encoded(), as: UTF8.self)))
    }
    #expect(wanted.allSatisfy { $0.contains("\"id\":1") })

    var configuration = ServiceConfiguration()
    configuration.pose = options
    let service = try await TestService(
      configuration, finder: try LandmarkerPeopleFinder(configuration))
    try await withThrowingTaskGroup(of: [String].self) { group in
      for _ in 0..<3 {
        group.addTask {
          let client = try await LiveClient(service.port)
          _ = try await client.receive()
          let first = try await self.answers(of: client, to: frames)
          try await client.send("{\"reset\": true}")
          _ = try await client.receive()
          return try await first + self.answers(of: client, to: frames)
        }
      }
      for try await answers in group { #expect(answers == wanted + wanted) }
    }
    try await service.stop()
  }

  private func answers(of client: LiveClient, to frames: [[UInt8]]) async throws -> [String] {
    var answers: [String] = []
    for (number, frame) in frames.enumerated() {
      try await client.send("{\"frame\": \(number), \"time\": \(Double(number) / 30)}")
      try await client.send(binary: frame)
      guard case .text(let text) = try await client.receive() else {
        throw TestFailure(text: "no answer")
      }
      answers.append(try people(text))
    }
    return answers
  }

  /// The part of a result that depends on no clock.
  private func people(_ json: String) throws -> String {
    let start = try #require(json.range(of: "\"people\":"))
    let end = try #require(json.range(of: ",\"lost\":"))
    return String(json[start.upperBound..<end.lowerBound])
  }
}
