import Foundation
import PoseFormats
import Stance
import Testing

@Suite("Lines of results over time")
struct ResultsLineTests {
  private static var frame: TrackedFrame {
    var result = PoseResult.sample(people: 2)
    result.people[0].id = 7
    // Followed from the frame before, not found in this one; a landmark that nobody saw.
    (result.people[1].id, result.people[1].score) = (12, nil)
    result.people[1].landmarks[.leftWrist].support = 0
    return TrackedFrame(
      index: 12, time: 0.4004, result: result, lost: [3, 5],
      passes: PassCount(landmarks: 3, detector: 1, scouts: 2))
  }

  private static let header = ResultsHeader(
    source: ResultsHeader.Source(
      file: "größe \"1\".mp4", size: ImageSize(width: 640, height: 360), codec: "h264",
      frameRate: 29.97, duration: 4.1, frames: 123),
    selection: ResultsHeader.Selection(start: 1.5, duration: 2, every: 3, slowMotion: 8),
    pose: PoseOptions(
      complexity: .heavy, maxPeople: 3, search: .thorough,
      regions: [PixelBox(x: 1, y: 2.5, width: 30, height: 40)], segmentation: true),
    tracking: TrackingOptions(smoothing: .off, memory: 12.5, follow: .id(4), keepsRaw: true),
    precision: .bf16)

  private static let zeroLag = ResultsHeader(
    source: ResultsHeader.Source(file: "a.mp4", size: ImageSize(width: 1, height: 1)),
    pose: PoseOptions(), tracking: TrackingOptions(smoothing: .zeroLag, cutoff: 4.5),
    zeroLag: ZeroLagDesign(cutoff: 4.5, frameRate: 10), precision: .f32)

  @Test("a frame has the contract's keys in the contract's order")
  func order() throws {
    let text = try String(decoding: ResultsLine.frame(Self.frame).encoded(), as: UTF8.self)
    #expect(
      text.hasPrefix(#"{"frame":12,"time":0.4004,"image":{"width":640,"height":480},"model":{"#))
    #expect(text.contains(#""people":[{"id":7,"score":0.98,"#))
    #expect(text.contains(#"{"id":12,"confidence":"#))
    #expect(text.contains(#"],"lost":[3,5],"passes":{"landmarks":3,"detector":1,"scouts":2},"#))
    #expect(text.hasSuffix("}\n") && text.count { $0 == "\n" } == 1)
  }

  @Test("the first line names version, source, options and smoothing")
  func first() throws {
    let text = try String(decoding: ResultsLine.header(Self.header).encoded(), as: UTF8.self)
    #expect(text.hasPrefix(#"{"stance":"results/1","source":{"file":"#))
    #expect(text.contains(#""options":{"complexity":2,"maxPeople":3,"#))
    #expect(text.contains(#""passes":1,"smoothing":{"name":"off"}"#))
    #expect(text.contains(#""every":3,"slowMotion":8.0}"#))
  }

  @Test(
    "the first line says how smoothing without lag was designed, and what the rate left of the cut-off"
  )
  func design() throws {
    let text = try String(decoding: ResultsLine.header(Self.zeroLag).encoded(), as: UTF8.self)
    #expect(
      text.contains(#""passes":2,"smoothing":{"name":"zero-lag","cutoff":4.5,"cutoffUsed":3.77"#))
    #expect(
      text.contains(#","frameRate":10.0,"design":"Hampel (7 values, 2 sigma), then Butterworth"#))
  }

  @Test(
    "after two passes people say what was filled in and what is in doubt, and keep raw landmarks")
  func secondPass() throws {
    var frame = Self.frame
    frame.result.people[0].isFilled = true
    frame.result.people[1].isUncertain = true
    var raw = RawLandmarks(
      landmarks: frame.people[1].landmarks, worldLandmarks: frame.people[1].worldLandmarks)
    raw.landmarks[.nose].x = 0.123
    raw.worldLandmarks[.nose].z = 0.456
    frame.result.people[1].raw = raw
    let bytes = try ResultsLine.frame(frame).encoded()
    let text = String(decoding: bytes, as: UTF8.self)
    #expect(text.contains(#"{"id":7,"filled":true,"#))
    #expect(text.contains(#"{"id":12,"uncertain":true,"#))
    #expect(text.components(separatedBy: #""rawLandmarks":"#).count == 2)
    let line = try ResultsLine(bytes)
    #expect(try line.encoded() == bytes)
    guard case .frame(let read) = line else {
      Issue.record("not a frame")
      return
    }
    #expect(read.people.map(\.isFilled) == [true, false])
    #expect(read.people.map(\.isUncertain) == [false, true])
    #expect(read.people[0].raw == nil)
    #expect(read.people[1].raw?.landmarks[.nose].x == 0.123)
    #expect(read.people[1].raw?.worldLandmarks == raw.worldLandmarks)
    let plain = try String(decoding: ResultsLine.frame(Self.frame).encoded(), as: UTF8.self)
    for word in ["filled", "uncertain", "raw"] { #expect(!plain.contains(word)) }
  }

  @Test("a frame reads back without loss")
  func frameReadsBack() throws {
    let bytes = try ResultsLine.frame(Self.frame).encoded()
    let line = try ResultsLine(bytes)
    #expect(try line.encoded() == bytes)
    guard case .frame(let read) = line else {
      Issue.record("not a frame")
      return
    }
    let frame = Self.frame
    #expect((read.index, read.time) == (frame.index, frame.time))
    #expect(read.lost == frame.lost && read.passes == frame.passes)
    #expect(read.people.map(\.id) == [7, 12] && read.people.map(\.score) == [0.98, nil])
    #expect(read.people[0].box == frame.people[0].box)
    #expect(read.people[0].worldLandmarks[.nose].z == frame.people[0].worldLandmarks[.nose].z)
    for name in LandmarkName.allCases {
      #expect(
        read.people[1].landmarks[name].seen == frame.people[1].landmarks[name].seen, "\(name)")
    }
  }

  @Test("the first line reads back as it was, with every option and with none")
  func headerReadsBack() throws {
    let plain = ResultsHeader(
      source: ResultsHeader.Source(file: "", size: ImageSize(width: 1, height: 1)),
      pose: PoseOptions(), tracking: TrackingOptions(), precision: .f32)
    for header in [Self.header, Self.zeroLag, plain] {
      let line = try ResultsLine(ResultsLine.header(header).encoded())
      guard case .header(let read) = line else {
        Issue.record("not a header")
        return
      }
      #expect(read == header)
    }
  }

  @Test("a time that is not finite is an error that names it", arguments: [Double.nan, .infinity])
  func notFinite(_ time: Double) {
    var frame = Self.frame
    frame.time = time
    #expect {
      try ResultsLine.frame(frame).encoded()
    } throws: { error in
      let error = error as? PoseFormatError
      return error?.code == .notFinite && error?.message.contains("\"time\"") == true
    }
  }

  @Test(
    "what is no line of results is refused with the reason",
    arguments: [
      ("", "not JSON"), ("{", "not JSON"), ("[1]", "another type"), ("{}", "\"frame\" is missing"),
      (#"{"stance":"results/9"}"#, "results/9"),
      (#"{"stance":"results/1"}"#, "\"source\" is missing"),
      (#"{"frame":1}"#, "\"time\" is missing"),
    ])
  func refused(text: String, reason: String) {
    #expect {
      _ = try ResultsLine(text.utf8)
    } throws: { error in
      let error = error as? PoseFormatError
      return error?.code == .unreadable && error?.message.contains(reason) == true
    }
  }

  @Test("a person without all 33 landmarks, or with unknown words, is refused")
  func wrongParts() throws {
    let text = try String(decoding: ResultsLine.frame(Self.frame).encoded(), as: UTF8.self)
    for (old, new) in [
      (#""name":"nose""#, #""name":"nase""#), (#""precision":"f32""#, #""precision":"f16""#),
      (#""complexity":1"#, #""complexity":7"#),
    ] {
      let changed = text.replacing(old, with: new)
      #expect(changed != text)
      #expect(throws: PoseFormatError.self) { _ = try ResultsLine(changed.utf8) }
    }
  }
}
