import Images
import Testing

@testable import Stance

@Suite("Ten thousand people")
struct ManyPeopleTests {
  private static let (lanes, rounds, rate) = (4, 2500, 5.0)
  /// Each is there for four frames, then for one nobody is.
  private static let (framesThere, framesEach) = (4, 5)

  /// One after the other in each of four lanes, all walking by.
  private static let scene: MadeUpScene = {
    var scene = MadeUpScene { time in
      let frame = Int((time * rate).rounded())
      let (round, step) = frame.quotientAndRemainder(dividingBy: framesEach)
      guard step < framesThere else { return [] }
      return (0..<lanes).map { lane in
        MadeUpBody(
          round * lanes + lane, x: 60 + 60 * Float(lane) + Float(step) * 2,
          y: round.isMultiple(of: 2) ? 150 : 330)
      }
    }
    scene.size = ImageSize(width: 700, height: 480)
    return scene
  }()

  @Test("pass by: what a frame costs and what is remembered stay the same")
  func passBy() throws {
    var live = MadeUpTracker(Self.scene, PoseOptions(), TrackingOptions(memory: 0.2))
    var patient = MadeUpTracker(Self.scene, PoseOptions(), TrackingOptions(memory: 0.2))
    var ids: Set<Int> = []
    var passes: [Int] = []
    var remembered: [Int] = []
    for frame in 0..<Self.rounds * Self.framesEach {
      let time = Double(frame) / Self.rate
      let result = try live.track(at: time)
      ids.formUnion(result.people.compactMap(\.id))
      // A file's delivery has the same session in it: a part of the way shows that it forgets.
      if frame < 100 * Self.framesEach { _ = try patient.add(at: time) }
      passes.append(result.passes.landmarks + result.passes.looks)
      remembered.append(
        (live.last?.confirmed.count ?? 0) + (live.last?.open.count ?? 0)
          + live.live.identities.count)
      #expect(patient.patient.identities.count <= 3 * Self.lanes)
      #expect(patient.patient.sure.count <= 3 * Self.lanes)
      #expect(patient.patient.waiting.count <= 6)
    }
    #expect(ids.count == Self.lanes * Self.rounds)
    #expect(ids.min() == 1 && ids.max() == Self.lanes * Self.rounds)
    // After the first seconds each hundred rounds are like any other.
    let hundred = 100 * Self.framesEach
    let (first, last) = (
      passes[hundred..<2 * hundred].reduce(0, +), passes.suffix(hundred).reduce(0, +)
    )
    #expect(abs(first - last) * 50 < first)
    let most = (remembered[hundred..<2 * hundred].max() ?? 0, remembered.suffix(hundred).max() ?? 0)
    #expect(most.0 == most.1)
    #expect(most.1 <= 6 * Self.lanes)
  }
}
