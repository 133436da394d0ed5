import Images
import Processes
import Testing

@testable import Video

@Suite("Back-off, clock and newest-frame slot")
struct LivePartsTests {
  private func frame(_ index: Int) -> VideoEvent {
    .frame(
      VideoFrame(
        image: Image(size: ImageSize(width: 1, height: 1), rgb: [0, 0, 0]), time: Double(index),
        ticks: Int64(index), index: index))
  }

  /// "3" for a frame, "stale", "resumed", "end".
  private func word(_ item: EventBufferItem) -> String {
    switch item {
    case .element(.frame(let frame)): "\(frame.index)"
    case .element(.stale): "stale"
    case .element(.resumed): "resumed"
    case .end: "end"
    }
  }

  @Test("Waits double from half a second up to ten seconds, for ever")
  func backOff() {
    let waits = (0..<8).map { BackOff().delay(before: $0) }
    #expect(
      waits == [.milliseconds(500)] + [1, 2, 4, 8, 10, 10, 10].map { Duration.seconds($0) })
    #expect(BackOff().delay(before: .max) == .seconds(10))
  }

  @Test(
    "Of frames only the newest waits, what happened stays in order, and those left out are counted")
  func newest() {
    let slot = LatestFrameSlot()
    for index in 0..<4 { #expect(slot.put(frame(index))) }
    #expect(word(slot.take()) == "3" && slot.droppedFrames == 3)
    #expect(slot.put(frame(4)))
    #expect(slot.put(.stale(seconds: 3, reason: "")))
    #expect(slot.put(.resumed(seconds: 4, attempts: 1)))
    #expect(slot.put(frame(5)))
    #expect(slot.put(frame(6)))
    slot.finish(nil)
    #expect((0..<5).map { _ in word(slot.take()) } == ["stale", "resumed", "6", "end", "end"])
    #expect(slot.droppedFrames == 5)
  }

  @Test("A caller that never comes costs no more than a frame and a few happenings")
  func bounded() {
    let slot = LatestFrameSlot()
    for index in 0..<1000 {
      _ = slot.put(.stale(seconds: 3, reason: ""))
      _ = slot.put(frame(index))
    }
    slot.finish(nil)
    var words: [String] = []
    while words.last != "end" { words.append(word(slot.take())) }
    #expect(words.count <= 11 && words.dropLast().last == "999")
  }

  @Test("A closed slot lets its caller go and takes nothing")
  func closed() throws {
    let slot = LatestFrameSlot()
    let closer = try WorkerThread { slot.close() }
    #expect(word(slot.take()) == "end")
    closer.join()
    #expect(!slot.put(frame(0)) && word(slot.take()) == "end")
  }

  @Test("Times are the stream's own from its first frame, and go on by our clock where that breaks")
  func clock() {
    var clock = LiveClock()
    let begin = ContinuousClock.now
    func time(_ stream: Double?, after seconds: Double) -> Double {
      clock.time(stream, at: begin + .seconds(seconds))
    }
    func isNear(_ time: Double, _ wanted: Double) -> Bool { abs(time - wanted) < 1e-9 }
    #expect(time(100, after: 5) == 0)
    // Early or late in coming: the stream's clock is what counts.
    #expect(isNear(time(100.04, after: 5.5), 0.04))
    #expect(isNear(time(100.08, after: 5.501), 0.08))
    // It stands still, runs back, jumps ahead by hours, or is not told.
    #expect(isNear(time(100.08, after: 5.6), 0.179))
    #expect(isNear(time(50, after: 5.7), 0.279))
    #expect(isNear(time(50.04, after: 5.7), 0.319))
    #expect(isNear(time(9000, after: 5.8), 0.419))
    #expect(isNear(time(nil, after: 5.9), 0.519))
    #expect(isNear(time(9000.2, after: 6), 0.619))
    // Another connection, four seconds later.
    clock.reconnected()
    #expect(isNear(time(7, after: 10), 4.619))
    #expect(isNear(time(7.04, after: 10), 4.659))
  }

  @Test("Where frames come seldom, it is waited longer for them")
  func patience() {
    let policy = LivePolicy()
    #expect(policy.stall(frameRate: nil) == .seconds(3))
    #expect(policy.stall(frameRate: 25) == .seconds(3))
    #expect(policy.stall(frameRate: 0.5) == .seconds(8))
    #expect(policy.stall(frameRate: 0.001) == .seconds(60))
  }
}
