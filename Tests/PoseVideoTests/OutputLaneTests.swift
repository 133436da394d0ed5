import PoseVideo
import Stance
import Synchronization
import Testing
import Video

@Suite("outputs on a lane of their own")
struct OutputLaneTests {
  @Test("every output gets every frame in order, and is made whole once")
  func order() throws {
    let (first, second) = (Diary(), Diary())
    let lane = try OutputLane([NotingOutput(first), NotingOutput(second, remark: "no sound")])
    for index in 0..<20 { try lane.put(frame(index), nobody(index)) }
    #expect(try lane.finish() == ["no sound"])
    #expect(first.notes == (0..<20).map(String.init) + ["whole"])
    #expect(second.notes == first.notes)
    #expect(lane.abandon().isEmpty, "nothing is left to abandon")
  }

  @Test("abandoned outputs keep what was handed over, and say where it lies")
  func abandoned() throws {
    let diary = Diary()
    let lane = try OutputLane([NotingOutput(diary)])
    for index in 0..<3 { try lane.put(frame(index), nobody(index)) }
    #expect(lane.abandon().map(\.lastFrame.index) == [2])
    #expect(diary.notes == ["0", "1", "2", "abandoned"])
  }

  @Test("what an output throws reaches the caller, and no frame after it the outputs")
  func failure() throws {
    let diary = Diary()
    let lane = try OutputLane([NotingOutput(diary, failsAt: 2)])
    #expect(throws: NotingOutput.Full.self) {
      for index in 0..<100 { try lane.put(frame(index), nobody(index)) }
    }
    #expect(throws: NotingOutput.Full.self) { try lane.finish() }
    #expect(lane.abandon().map(\.lastFrame.index) == [1])
    #expect(diary.notes == ["0", "1", "abandoned"])
  }

  @Test("an output that is whole is not abandoned when the next one can't be made whole")
  func halfWhole() throws {
    let (good, bad) = (Diary(), Diary())
    let lane = try OutputLane([NotingOutput(good), NotingOutput(bad, finishes: false)])
    try lane.put(frame(0), nobody(0))
    #expect(throws: NotingOutput.Full.self) { try lane.finish() }
    #expect(lane.abandon().map(\.lastFrame.index) == [0])
    #expect(good.notes == ["0", "whole"])
    #expect(bad.notes == ["0", "abandoned"])
  }

  @Test("two frames wait at most")
  func bounded() throws {
    let diary = Diary()
    let gate = Mutex(0)
    let lane = try OutputLane([NotingOutput(diary)])
    for index in 0..<50 {
      try lane.put(frame(index), nobody(index))
      // Handed over, and not yet taken: two. One more may be in work.
      gate.withLock { $0 = max($0, index + 1 - diary.notes.count) }
    }
    #expect(gate.withLock { $0 } <= 3)
    _ = try lane.finish()
  }
}

/// What an output was told.
private final class Diary: Sendable {
  private let lines = Mutex<[String]>([])

  var notes: [String] { lines.withLock { $0 } }

  func note(_ line: String) { lines.withLock { $0.append(line) } }
}

private struct NotingOutput: ClipOutput {
  struct Full: Error {}

  let diary: Diary
  let remark: String?
  let failsAt: Int
  let finishes: Bool
  private var count = 0

  init(_ diary: Diary, remark: String? = nil, failsAt: Int = .max, finishes: Bool = true) {
    (self.diary, self.remark, self.failsAt, self.finishes) = (diary, remark, failsAt, finishes)
  }

  mutating func add(_ frame: VideoFrame, _ people: TrackedFrame) throws {
    guard count < failsAt else { throw Full() }
    count += 1
    diary.note("\(frame.index)")
  }

  mutating func finish() throws -> [String] {
    guard finishes else { throw Full() }
    diary.note("whole")
    return remark.map { [$0] } ?? []
  }

  mutating func abandon() -> ClipRemains? {
    diary.note("abandoned")
    guard count > 0 else { return nil }
    return ClipRemains(
      path: "partial", lastFrame: VideoError.Place(index: count - 1, time: 0))
  }
}
