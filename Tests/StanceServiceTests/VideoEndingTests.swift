import Dispatch
import Files
import Foundation
import Glibc
import HTTPServer
import Stance
import Synchronization
import TestSupport
import Testing

@testable import StanceService

extension VideoServiceTests {
  @Suite("How they end early")
  struct Endings {
    /// A client that reads when it wants.
    private final class Client: Sendable {
      private let descriptor: Int32

      init(_ port: Int, _ request: TestRequest, receiveBuffer: Int32? = nil) async throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        if var size = receiveBuffer {
          setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &size, socklen_t(4))
        }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        let connected = withUnsafePointer(to: &address) {
          $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
            connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
          }
        }
        guard connected == 0 else { throw TestFailure(text: "can't connect") }
        let bytes = request.bytes
        let count = Int(Double(bytes.count) * request.sentShare)
        await onThread { [descriptor] in
          _ = bytes.withUnsafeBytes {
            Glibc.send(descriptor, $0.baseAddress, count, Int32(MSG_NOSIGNAL))
          }
        }
      }

      /// Waits for some bytes; none at the end.
      func receive() async -> [UInt8] {
        let descriptor = descriptor
        return await onThread {
          var buffer = [UInt8](repeating: 0, count: 64 << 10)
          let count = recv(descriptor, &buffer, buffer.count, 0)
          return Array(buffer.prefix(max(0, count)))
        }
      }

      func receiveAll(after first: [UInt8] = []) async throws -> TestAnswer {
        var bytes = first
        while true {
          let more = await receive()
          if more.isEmpty { return try TestAnswer(bytes) }
          bytes += more
        }
      }

      func leave() { close(descriptor) }
    }

    private static func onThread<Result: Sendable>(
      _ body: @escaping @Sendable () -> Result
    ) async -> Result {
      await withCheckedContinuation { continuation in
        Thread.detachNewThread { continuation.resume(returning: body()) }
      }
    }

    private static func slowly(_ frame: Int) { usleep(20_000) }

    private func expectNothingLeft(_ service: TestService) async throws {
      try await service.wait(forNumber: "stance_videos 0")
      try await service.wait(forNumber: "stance_work_bytes 0")
      #expect(VideoClips.children() == 0 && VideoClips.children(named: "ffprobe") == 0)
      #expect(try Files.names(in: service.workFolder).isEmpty)
    }

    @Test(
      "a client who leaves ends the work, whether something is written to it meanwhile or not",
      arguments: ["", "?passes=2", "?output=mp4", "?output=mp4&passes=2"])
    func departure(query: String) async throws {
      let frames = Atomic(0)
      let log = LogLines()
      let service = try await VideoServiceTests.service(
        log,
        before: { frame in
          frames.store(frame, ordering: .relaxed)
          Self.slowly(frame)
        })
      let client = try await Client(service.port, .video(try VideoClips.minute.get(), query))
      while frames.load(ordering: .relaxed) < 10 { try await Task.sleep(for: .milliseconds(5)) }
      if query.isEmpty { #expect(await !client.receive().isEmpty) }
      // A video that is worked on has no name on the disk: `kill -9` leaves nothing.
      #expect(try Files.names(in: service.workFolder).isEmpty)
      client.leave()
      try await expectNothingLeft(service)
      #expect(frames.load(ordering: .relaxed) < 1000)
      try await service.stop()
      let lines = log.all.filter { $0.contains("/v1/video") }
      #expect(lines.count == 1 && lines[0].contains("\"end\":\"left\""), "\(lines)")
    }

    @Test("a client who leaves in the middle of its upload leaves nothing")
    func brokenUpload() async throws {
      let service = try await VideoServiceTests.service()
      var request = TestRequest.video(try VideoClips.minute.get())
      request.sentShare = 0.5
      let client = try await Client(service.port, request)
      try await service.wait(forNumber: "stance_videos 1")
      client.leave()
      try await expectNothingLeft(service)
      try await service.stop()
    }

    @Test("a client who reads slowly holds the work back, and gets all of it")
    func slowReader() async throws {
      let frames = Atomic(0)
      let service = try await VideoServiceTests.service(before: {
        frames.store($0, ordering: .relaxed)
      })
      let client = try await Client(
        service.port, .video(try VideoClips.minute.get()), receiveBuffer: 4096)
      var (last, same) = (-1, 0)
      while same < 20 {
        try await Task.sleep(for: .milliseconds(50))
        let now = frames.load(ordering: .relaxed)
        same = now == last && now > 0 ? same + 1 : 0
        last = now
      }
      #expect(last < 1400)
      let answer = try await client.receiveAll()
      #expect(answer.stream.isWhole)
      #expect(try answer.last["end"] as? Int == 1500)
      client.leave()
      try await service.stop()
    }

    @Test(
      "work that takes too long ends with an error: a status, or the last line",
      arguments: [(held: 0, status: 504), (held: 3, status: 200)])
    func time(held: Int, status: Int) async throws {
      // Three frames may take longer than that on a busy machine, but not again and again.
      for seconds in status == 504 ? [3] : [5, 15, 45] {
        let service = try await VideoServiceTests.service {
          $0.videoTime = .seconds(seconds)
        } before: {
          if $0 == held { usleep(UInt32(seconds) * 1_000_000 + 200_000) }
        }
        let answer = try await service.send(.video(try VideoClips.long.get()))
        let isTooSlow = status == 200 && answer.status != 200
        if !isTooSlow || seconds == 45 {
          #expect(answer.status == status)
          #expect(try (status == 200 ? answer.lastCode : answer.code) == "timeout")
        }
        try await expectNothingLeft(service)
        try await service.stop()
        if !isTooSlow { break }
      }
    }

    @Test("an upload that takes too long is told so")
    func uploadTime() async throws {
      let service = try await VideoServiceTests.service { $0.bodyTime = .milliseconds(300) }
      var request = TestRequest.video(try VideoClips.minute.get())
      request.sentShare = 0.5
      let client = try await Client(service.port, request)
      let answer = try await client.receiveAll()
      #expect(answer.status == 408)
      client.leave()
      try await service.stop()
    }

    @Test("a service that ends tells who still waits, within the grace")
    func drain() async throws {
      let service = try await VideoServiceTests.service {
        // Half of it, and no more than three seconds, are for the end.
        $0.grace = .seconds(6)
      } before: {
        Self.slowly($0)
      }
      let client = try await Client(service.port, .video(try VideoClips.minute.get()))
      let first = await client.receive()
      #expect(!first.isEmpty)
      async let rest = client.receiveAll(after: first)
      #expect(try await service.stop() == .drained)
      let answer = try await rest
      #expect(try answer.lastCode == "overloaded")
      client.leave()
      #expect(VideoClips.children() == 0)
    }

    @Test("what a killed service may have left is swept, and nothing else")
    func sweep() async throws {
      let folder = try TemporaryFolder()
      let work = folder.path + "/work"
      try Files.makePrivateFolder(work)
      try Files.write([1], to: work + "/stance-Ab12Cd")
      try Files.write([1], to: work + "/notes.txt")
      let service = try await VideoServiceTests.service { $0.workFolder = work }
      #expect(try Files.names(in: work) == ["notes.txt"])
      try Files.write([1], to: work + "/stance-Ef34Gh")
      try await service.stop()
      #expect(try Files.names(in: work) == ["notes.txt"])
    }
  }
}
