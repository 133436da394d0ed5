import Files
import Foundation
import PoseFormats
import PoseMotion
import PoseVideo
import Stance
import TestSupport
import Testing

@testable import StanceService

/// All that answers videos with ffmpeg; one after the other, since its processes are counted.
@Suite(
  "Videos over HTTP", .serialized, .timeLimit(.minutes(5)),
  .enabled(if: VideoClips.canMake, "needs ffmpeg (the Debian package)"))
struct VideoServiceTests {
  /// A service whose tracker blocks as it is told, before each frame.
  static func service(
    _ log: LogLines = LogLines(), _ change: (inout ServerOptions) -> Void = { _ in },
    before: @escaping @Sendable (Int) throws -> Void = { _ in }
  ) async throws -> TestService {
    var configuration = ServiceConfiguration()
    change(&configuration.server)
    var finder = FakeFinder()
    finder.clipTracker = { FakeClipTracker($0, $1, before: before) }
    return try await TestService(configuration, finder: finder, log: log.log)
  }
}

extension VideoServiceTests {
  @Suite("What they are answered with")
  struct Answers {
    private let clip: [UInt8]

    init() throws { clip = try VideoClips.plain.get() }

    @Test("a body gives a line of what was looked at, one a frame, and how many there were")
    func body() async throws {
      let service = try await VideoServiceTests.service()
      for type in ["video/mp4", "video/x-unheard-of", "application/octet-stream", ""] {
        var request = TestRequest.video(clip)
        request.headers = type.isEmpty ? [] : [("Content-Type", type)]
        request.isChunked = type.isEmpty
        let answer = try await service.send(request)
        #expect(answer.status == 200 && answer["content-type"] == "application/jsonl", "\(type)")
        #expect(answer["stance-model"] == "full")
        #expect(answer.stream.isWhole)
        #expect(answer.lines.count == 22)
        #expect(try answer.header?.source.file == "video")
        #expect(try answer.header?.source.frames == 20)
        #expect(try answer.frames.map(\.index) == Array(0..<20))
        #expect(try answer.frames.allSatisfy { $0.people.first?.id == 1 })
        #expect(try answer.last["end"] as? Int == 20)
      }
      #expect(VideoClips.children() == 0)
      try await service.stop()
    }

    @Test("a form is like a body, with its fields as parameters and the file's own name")
    func form() async throws {
      let service = try await VideoServiceTests.service()
      for fieldsFirst in [true, false] {
        let video: (String, String?, [UInt8]) = ("video", "dance.mp4", clip)
        let every: (String, String?, [UInt8]) = ("every", nil, Array("5".utf8))
        let answer = try await service.send(
          .form(fieldsFirst ? [every, video] : [video, every], to: "/v1/video?start=0.2"))
        #expect(answer.status == 200)
        #expect(try answer.header?.source.file == "dance.mp4")
        #expect(try answer.frames.map(\.index) == [5, 10, 15])
        #expect(try answer.last["end"] as? Int == 3)
      }
      try await service.stop()
    }

    @Test("a GIF is a video too")
    func gif() async throws {
      let service = try await VideoServiceTests.service()
      var request = TestRequest.video(try VideoClips.gif.get())
      request.headers = [("Content-Type", "image/gif")]
      let answer = try await service.send(request)
      #expect(try answer.last["end"] as? Int == 10)
      try await service.stop()
    }

    @Test("Accept and output choose between JSON Lines, the drawn video and masks")
    func forms() async throws {
      let service = try await VideoServiceTests.service()
      for (query, accept, type) in [
        ("", "application/x-ndjson", "application/x-ndjson"),
        ("", "video/mp4;q=0.5, application/jsonl", "application/jsonl"),
        ("", "*/*", "application/jsonl"), ("", "video/*", "video/mp4"),
        ("?output=jsonl", "video/mp4", "application/jsonl"),
        ("?output=mp4&trails=true&jointColor=red", "text/html", "video/mp4"),
        ("?output=mask", "application/jsonl", "video/mp4"),
      ] {
        let answer = try await service.send(.video(clip, query, [("Accept", accept)]))
        #expect(answer.status == 200 && answer["content-type"] == type, "\(query) \(accept)")
        guard type == "video/mp4" else { continue }
        #expect(answer.stream.isWhole)
        let streams = try VideoClips.streams(of: answer.stream.bytes)
        #expect(streams.first == "h264,160,120,20")
        // The drawn video has the source's sound.
        #expect(streams.contains { $0.hasPrefix("aac") } == !query.contains("mask"), "\(streams)")
      }
      let refused = try await service.send(.video(clip, "", [("Accept", "text/html")]))
      #expect(refused.status == 406)
      #expect(try refused.code == "not_acceptable")
      try await service.stop()
    }

    @Test("two passes answer at the end, and say how was smoothed")
    func passes() async throws {
      let service = try await VideoServiceTests.service()
      let zeroLag = try await service.send(.video(clip, "?smoothing=zero-lag&cutoff=5&raw=true"))
      #expect(try zeroLag.header?.tracking.passes == 2)
      #expect(try zeroLag.header?.zeroLag?.cutoff == 5)
      #expect(try zeroLag.frames.count == 20)
      #expect(try zeroLag.last["end"] as? Int == 20)
      let drawn = try await service.send(.video(clip, "?passes=2&output=mp4"))
      #expect(try VideoClips.streams(of: drawn.stream.bytes).first == "h264,160,120,20")
      try await service.stop()
    }

    @Test(
      "frames have the angles and counts that stance video prints, and the drawn video shows them")
    func motion() async throws {
      let service = try await VideoServiceTests.service()
      let answer = try await service.send(
        .video(clip, "?angles=leftKnee,leftAnkle&anglesConvention=mediapipe&reps=squat"))
      var analyser = MotionAnalyser(
        MotionOptions(
          angles: [.leftKnee, .leftAnkle], convention: .mediapipe, counting: .exercise(.squat)))
      let frames = try answer.frames
      #expect(frames.count == 20 && answer.lines.count == 22)
      for (frame, line) in zip(frames, answer.lines.dropFirst()) {
        let expected = try ResultsLine.encoded(frame, by: &analyser)
        #expect(expected == line + [UInt8(ascii: "\n")])
        let text = String(decoding: line, as: UTF8.self)
        #expect(text.contains("\"angles\":[") && text.contains("\"reps\":{"))
      }
      let plain = try await service.send(.video(clip, "?output=mp4"))
      let drawn = try await service.send(.video(clip, "?output=mp4&reps=squat"))
      #expect(drawn.status == 200 && drawn.stream.bytes != plain.stream.bytes)
      let refused = try await service.send(.video(clip, "?reps=dance"))
      #expect(refused.status == 400)
      try await service.stop()
    }

    @Test("times of a clip filmed in slow motion are divided")
    func slowMotion() async throws {
      let service = try await VideoServiceTests.service()
      let answer = try await service.send(.video(clip, "?slowMotion=4"))
      #expect(try abs((answer.frames.last?.time ?? 0) - 19 / 25 / 4) < 1e-6)
      try await service.stop()
    }

    @Test("a part without frames is no failure, but no MP4 either")
    func noFrames() async throws {
      let service = try await VideoServiceTests.service()
      let lines = try await service.send(.video(clip, "?start=5"))
      #expect(lines.status == 200)
      #expect(try lines.last["end"] as? Int == 0)
      let drawn = try await service.send(.video(clip, "?start=5&output=mp4"))
      #expect(drawn.status == 400)
      try await service.stop()
    }

    @Test(
      "what is cut off gives its frames, then the error: as the last line, or by a broken connection"
    )
    func cutOff() async throws {
      let service = try await VideoServiceTests.service()
      let cut = Array(clip.prefix(clip.count * 3 / 5))
      let lines = try await service.send(.video(cut))
      #expect(lines.status == 200 && lines.stream.isWhole)
      #expect(try (1..<20).contains(lines.frames.count))
      #expect(try lines.lastCode == "unreadable_video")
      let long = try VideoClips.minute.get()
      let drawn = try await service.send(
        .video(Array(long.prefix(long.count * 3 / 5)), "?output=mp4"))
      #expect(drawn.status == 200 && !drawn.stream.isWhole)
      // It plays up to there.
      #expect(
        try VideoClips.streams(of: drawn.stream.bytes).first?.hasPrefix("h264,32,24,") == true)
      #expect(VideoClips.children() == 0)
      try await service.stop()
    }

    @Test(
      "a tracker that fails is a mistake of ours: 500 before the first result, the last line after it"
    )
    func failure() async throws {
      for (frame, status) in [(0, 500), (5, 200)] {
        let log = LogLines()
        let service = try await VideoServiceTests.service(
          log,
          before: { number in
            if number == frame { throw TestFailure(text: "the model broke") }
          })
        let answer = try await service.send(.video(clip))
        #expect(answer.status == status)
        #expect(!answer.text.contains("the model broke"))
        if status == 200 { #expect(try answer.lastCode == "internal") }
        try await service.stop()
        #expect(log.all.contains { $0.contains("the model broke") })
      }
    }

    @Test("a request writes one line to the log, without the file's name, and counts")
    func log() async throws {
      let log = LogLines()
      let service = try await VideoServiceTests.service(log)
      _ = try await service.send(.form([("video", "secret-name.mp4", clip)], to: "/v1/video"))
      try await service.wait(forNumber: "stance_videos 0")
      let numbers = try await service.get("/metrics").text
      for line in [
        "stance_videos_total{end=\"done\"} 1", "stance_video_frames_total 20",
        "stance_video_bytes_total \(clip.count)", "stance_work_bytes 0",
      ] { #expect(numbers.contains("\n\(line)\n"), "\(line)") }
      try await service.stop()
      let lines = log.all.filter { $0.contains("/v1/video") }
      #expect(lines.count == 1)
      #expect(lines.first?.contains("\"frames\":20") == true)
      #expect(lines.first?.contains("\"end\":\"done\"") == true)
      #expect(!log.all.joined().contains("secret-name"))
    }
  }
}
