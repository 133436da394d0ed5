import Stance
import Testing

@testable import StanceService

@Suite("Adaptive effort")
struct AdaptiveEffortTests {
  private let target = Duration.milliseconds(500)

  @Test(
    "the search gets quicker before the model gets lighter, one step at a time",
    arguments: [
      ("heavy auto", ["heavy auto", "heavy quick", "full quick", "lite quick"]),
      ("full thorough", ["full thorough", "full auto", "full quick", "lite quick"]),
      ("full quick", ["full quick", "lite quick"]),
      ("lite auto", ["lite auto", "lite quick"]), ("lite quick", ["lite quick"]),
    ])
  func levels(preferred: String, levels: [String]) throws {
    #expect(Effort.every.count == 9)
    let preferred = try #require(Effort.every.first { $0.words == preferred })
    #expect(preferred.levels.map(\.words) == levels)
  }

  @Test("long waits step down one level at a time, to the least effort and no further")
  func down() {
    var adaptive = AdaptiveEffort(preferred: .heavyAuto, target: target)
    adaptive.observe(waited: .milliseconds(500), at: .milliseconds(900))
    #expect(adaptive.effort(at: .seconds(1)).words == "heavy auto")
    adaptive.observe(waited: .milliseconds(501), at: .seconds(1))
    #expect(adaptive.effort(at: .seconds(1)).words == "heavy quick")
    // Held: a step needs time to show.
    adaptive.observe(waited: .seconds(2), at: .milliseconds(2900))
    #expect(adaptive.effort(at: .milliseconds(2900)).words == "heavy quick")
    adaptive.observe(waited: .seconds(2), at: .seconds(3))
    #expect(adaptive.effort(at: .seconds(3)).words == "full quick")
    adaptive.observe(waited: .seconds(2), at: .seconds(5))
    #expect(adaptive.effort(at: .seconds(5)).words == "lite quick")
    adaptive.observe(waited: .seconds(2), at: .seconds(9))
    #expect(adaptive.effort(at: .seconds(9)).words == "lite quick")
  }

  @Test("only a long calm steps up again, never above what was asked for")
  func up() {
    var adaptive = AdaptiveEffort(
      preferred: Effort(complexity: .full, search: .quick), target: target)
    adaptive.observe(waited: .seconds(1), at: .seconds(1))
    #expect(adaptive.effort(at: .milliseconds(10_900)).words == "lite quick")
    // Neither calm nor long: the calm begins anew, and nothing steps down.
    adaptive.observe(waited: .milliseconds(200), at: .milliseconds(10_900))
    #expect(adaptive.effort(at: .seconds(20)).words == "lite quick")
    adaptive.observe(waited: .milliseconds(100), at: .seconds(20))
    #expect(adaptive.effort(at: .seconds(21)).words == "full quick")
    #expect(adaptive.effort(at: .seconds(600)).words == "full quick")
  }

  @Test("a quiet time steps up all the way, the search last, without a request to show it")
  func quiet() {
    var adaptive = AdaptiveEffort(preferred: .heavyAuto, target: target)
    for time in [1, 4, 7] { adaptive.observe(waited: .seconds(1), at: .seconds(time)) }
    #expect(adaptive.effort(at: .seconds(8)).words == "lite quick")
    #expect(adaptive.effort(at: .seconds(17)).words == "full quick")
    #expect(adaptive.effort(at: .seconds(27)).words == "heavy quick")
    #expect(adaptive.effort(at: .milliseconds(36_900)).words == "heavy quick")
    #expect(adaptive.effort(at: .seconds(37)).words == "heavy auto")
    #expect(adaptive.effort(at: .seconds(3600)).words == "heavy auto")
  }

  @Test("a long wait after a calm steps down from where the calm has led")
  func again() {
    var adaptive = AdaptiveEffort(preferred: .heavyAuto, target: target)
    for time in [1, 4, 7] { adaptive.observe(waited: .seconds(1), at: .seconds(time)) }
    adaptive.observe(waited: .seconds(1), at: .seconds(28))
    #expect(adaptive.effort(at: .seconds(28)).words == "full quick")
  }

  @Test("a refusal counts as a long wait")
  func refusal() {
    var adaptive = AdaptiveEffort(preferred: .heavyAuto, target: target)
    adaptive.observeRefusal(at: .seconds(1))
    #expect(adaptive.effort(at: .seconds(1)).words == "heavy quick")
  }
}

extension Effort {
  fileprivate static let heavyAuto = Effort(complexity: .heavy, search: .auto)

  fileprivate static let every = Complexity.allCases.flatMap { complexity in
    SearchMode.allCases.map { Effort(complexity: complexity, search: $0) }
  }

  fileprivate var words: String { "\(complexity.name) \(search.rawValue)" }
}
