import Dispatch
import Files
import Foundation
import Stance
import TestSupport
import Testing

@testable import StanceService

extension VideoServiceTests {
  @Suite("What is refused")
  struct Refusals {
    private let clip: [UInt8]

    init() throws { clip = try VideoClips.plain.get() }

    /// A head with so many bytes announced, of which none is sent.
    private func headAlone(
      _ query: String = "", _ headers: [(String, String)] = [("Content-Type", "video/mp4")]
    ) -> TestRequest {
      var request = TestRequest.video(clip, query)
      request.headers = headers
      // Half a byte more, which rounding takes away.
      request.sentShare =
        (Double(request.bytes.count - clip.count) + 0.5) / Double(request.bytes.count)
      return request
    }

    @Test("what is no video, or has nothing in it")
    func unreadable() async throws {
      let service = try await VideoServiceTests.service()
      for bytes in [[], Array("#EXTM3U\nfile:///etc/passwd\n".utf8), Array(clip.prefix(40))] {
        let answer = try await service.send(.video(bytes))
        #expect(answer.status == 422)
        #expect(try answer.code == "unreadable_video")
        #expect(!answer.text.contains("/dev/") && !answer.text.contains("/tmp"))
      }
      try await service.stop()
    }

    @Test("another type, or a coded body, before it comes")
    func types() async throws {
      let service = try await VideoServiceTests.service()
      for fields in [
        [("Content-Type", "text/plain")], [("Content-Type", "image/png")],
        [("Content-Type", "video/mp4"), ("Content-Encoding", "gzip")],
      ] {
        let answer = try await service.send(headAlone("", fields))
        #expect(answer.status == 415)
        #expect(try answer.code == "unsupported_media")
      }
      try await service.stop()
    }

    @Test(
      "a parameter that is wrong, or goes with no other, before the body comes",
      arguments: [
        "people=1", "every=0", "every=1&every=2", "complexity=3", "start=-1", "duration=x",
        "passes=3", "passes=1&smoothing=zero-lag", "cutoff=0", "slowMotion=0", "memory=61",
        "follow=0", "output=mask&passes=2", "output=mp4&smoothing=zero-lag&background=blur",
        "output=mp4&background=none", "output=gif", "jointColor=reddish", "frameRate=30", "key=x",
      ])
    func parameters(query: String) async throws {
      let service = try await VideoServiceTests.service()
      let answer = try await service.send(headAlone("?" + query))
      #expect(answer.status == 400)
      #expect(try answer.code == "bad_parameter")
      try await service.stop()
    }

    @Test("a form's wrong fields: before its video, or behind it")
    func fields() async throws {
      let service = try await VideoServiceTests.service()
      let wrong: (String, String?, [UInt8]) = ("every", nil, Array("0".utf8))
      let video: (String, String?, [UInt8]) = ("video", "a.mp4", clip)
      for parts in [[wrong, video], [video, wrong], [video, video], [("clip", "a.mp4", clip)]] {
        let answer = try await service.send(.form(parts, to: "/v1/video"))
        #expect(answer.status == 400)
        #expect(try answer.code == "bad_parameter")
      }
      for parts in [[("every", nil, Array("2".utf8))], [("video", "", [])]] {
        let answer = try await service.send(.form(parts, to: "/v1/video"))
        #expect(answer.status == 400)
        #expect(try answer.code == "missing_video")
      }
      try await service.stop()
    }

    @Test("too many bytes: announced, before they come; else as soon as they have come")
    func bytes() async throws {
      let service = try await VideoServiceTests.service { $0.maxVideoBody = 1000 }
      var chunked = TestRequest.video(clip)
      chunked.isChunked = true
      for request in [
        headAlone(), chunked, .form([("video", "a.mp4", clip)], to: "/v1/video"),
      ] {
        let answer = try await service.send(request)
        #expect(answer.status == 413)
        #expect(try answer.code == "video_too_large")
      }
      try await service.wait(forNumber: "stance_work_bytes 0")
      try await service.stop()
    }

    @Test("too many bytes of all videos together")
    func allBytes() async throws {
      let service = try await VideoServiceTests.service { $0.maxWork = 1000 }
      let answer = try await service.send(.video(clip))
      #expect(answer.status == 503 && answer["retry-after"] != nil)
      try await service.stop()
    }

    @Test("too many pixels, by the header")
    func pixels() async throws {
      let service = try await VideoServiceTests.service { $0.maxVideoMegapixels = 1 }
      let answer = try await service.send(.video(try VideoClips.large.get()))
      #expect(answer.status == 413)
      #expect(try answer.code == "video_too_large")
      try await service.stop()
    }

    @Test("too long: by the header, and where that does not tell, once so much was looked at")
    func duration() async throws {
      let service = try await VideoServiceTests.service {
        $0.maxVideoDuration = .milliseconds(500)
      }
      let claimed = try await service.send(.video(clip))
      #expect(claimed.status == 413)
      #expect(try claimed.code == "video_too_large")
      let part = try await service.send(.video(clip, "?start=0.4&duration=0.4"))
      #expect(try part.last["end"] as? Int == 10)
      let endless = try await service.send(.video(try VideoClips.endless.get()))
      #expect(endless.status == 200)
      #expect(try (10...14).contains(endless.frames.count))
      #expect(try endless.lastCode == "video_too_large")
      try await service.stop()
    }

    @Test("a page of another origin, which could send a video without asking first")
    func origins() async throws {
      let service = try await VideoServiceTests.service { $0.corsOrigins = ["https://a.example"] }
      for (origin, status) in [
        ("http://localhost", 200), ("https://a.example", 200), ("https://b.example", 403),
        ("null", 403),
      ] {
        let answer = try await service.send(.video(clip, "", [("Origin", origin)]))
        #expect(answer.status == status, "\(origin)")
        if status == 403 { #expect(try answer.code == "forbidden") }
      }
      try await service.stop()
    }

    @Test("who shows no key")
    func keys() async throws {
      let folder = try TemporaryFolder()
      try Files.write(Array("alpha-key\n".utf8), to: folder.path + "/keys")
      let service = try await VideoServiceTests.service { $0.apiKeys = folder.path + "/keys" }
      let refused = try await service.send(headAlone())
      #expect(refused.status == 401)
      let taken = try await service.send(
        .video(clip, "", [("Authorization", "Bearer alpha-key")]))
      #expect(taken.status == 200)
      try await service.stop()
    }

    @Test("one more than are worked on at once, before it comes in")
    func full() async throws {
      let gate = DispatchSemaphore(value: 0)
      let service = try await VideoServiceTests.service {
        $0.videos = 1
      } before: {
        if $0 == 3 { gate.wait() }
      }
      let request = TestRequest.video(clip)
      async let first = service.send(request)
      try await service.wait(forNumber: "stance_videos 1")
      let second = try await service.send(headAlone())
      #expect(second.status == 503 && second["retry-after"] != nil)
      #expect(try second.code == "overloaded")
      gate.signal()
      #expect(try await first.last["end"] as? Int == 20)
      try await service.wait(forNumber: "stance_videos 0")
      #expect(try await service.send(.video(clip, "?duration=0.04")).status == 200)
      try await service.stop()
      let none = try await VideoServiceTests.service { $0.videos = 0 }
      #expect(try await none.send(headAlone()).status == 503)
      try await none.stop()
    }

    @Test("a folder that is none, or not for the service's user alone, with the reason")
    func workFolder() async throws {
      let folder = try TemporaryFolder()
      let (file, open) = (folder.path + "/file", folder.path + "/open")
      try Files.write([1], to: file)
      try FileManager.default.createDirectory(atPath: open, withIntermediateDirectories: false)
      try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: open)
      try FileManager.default.createSymbolicLink(
        atPath: folder.path + "/link", withDestinationPath: open)
      for path in [file, file + "/below", open, folder.path + "/link"] {
        let log = LogLines()
        let service = try await VideoServiceTests.service(log) { $0.workFolder = path }
        let answer = try await service.send(.video(clip))
        #expect(answer.status == 503, "\(path)")
        #expect(answer.text.contains("--work-folder") && !answer.text.contains(folder.path))
        #expect(try await service.send(.photo(FakeFinder.photo(people: 1))).status == 200)
        try await service.stop()
        #expect(log.all.contains { $0.contains("work folder") && $0.contains("warning") })
      }
    }
  }
}
