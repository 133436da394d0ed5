import Foundation
import Images
import PoseMotion
import Stance
import Testing

@Suite("Movement of everybody")
struct AnalyserTests {
  private static let size = ImageSize(width: 640, height: 480)

  private func frame(
    _ index: Int, _ people: [(id: Int, bend: Double)], lost: [Int] = []
  ) -> TrackedFrame {
    let people = people.map { id, bend in
      var body = Skeleton()
      body.size = Self.size
      (body.scale, body.lean) = (200, 30 * bend)
      body.knee = (10 + 85 * bend, 10 + 85 * bend)
      body.hip = (5 + 80 * bend, 5 + 80 * bend)
      var person = body.person
      person.id = id
      return person
    }
    return TrackedFrame(
      index: index, time: Double(index) / 30,
      result: PoseResult(
        imageSize: Self.size, complexity: .full, search: .quick, precision: .f32, people: people,
        timing: PoseTiming()), lost: lost)
  }

  /// Down and up in two seconds.
  private func bend(_ index: Int) -> Double { (1 - cos(2 * .pi * Double(index) / 60)) / 2 }

  @Test("is counted for each by themselves, while others stand and come and go")
  func several() {
    let options = MotionOptions(angles: [.leftKnee], counting: .exercise(.squat))
    var analyser = MotionAnalyser(options)
    var record = MotionRecord(options)
    for index in 0..<190 {
      var people = [(id: 1, bend: bend(index)), (id: 2, bend: 0)]
      if index >= 90 { people.append((id: 7, bend: bend(index - 90))) }
      record.add(analyser.add(frame(index, people)))
    }
    let summaries = record.summaries
    #expect(summaries.map(\.id) == [1, 2, 7])
    #expect(summaries.map(\.repetitions.count) == [3, 0, 1])
    #expect(summaries[2].unfinished != nil && summaries[1].unfinished == nil)
    #expect(summaries[0].angles.first?.world.values.count == 190)
    #expect(summaries[2].angles.first?.plane.values.count == 100)
  }

  @Test("goes on after a loss that the tracker remembers, and begins anew after one that it forgot")
  func losses() {
    for (lost, wanted) in [([1], 2), ([], 0)] {
      var analyser = MotionAnalyser(MotionOptions(counting: .exercise(.squat)))
      var count = 0
      for index in 0..<150 {
        let isAway = (65..<75).contains(index)
        let motion = analyser.add(
          frame(index, isAway ? [] : [(id: 1, bend: bend(index))], lost: isAway ? lost : []))
        count = motion.people.first?.repetitions?.count ?? count
      }
      #expect(count == wanted)
    }
  }

  @Test("has angles in a still, and counts nothing there")
  func still() {
    let motion = MotionAnalyser.still(
      frame(0, [(id: 1, bend: 1)]).result,
      MotionOptions(angles: [.leftKnee], counting: .exercise(.squat)))
    #expect(motion.people.first?.angles.first?.world.value.map { abs($0 - 95) < 1e-3 } == true)
    #expect(motion.people.first?.repetitions == nil)
  }

  @Test("has a second opinion on how often it repeats itself, or none where it does not")
  func secondOpinion() throws {
    let times = (0..<420).map { Double($0) / 30 }
    let swing = MotionCurve(times: times, values: times.map { 50 - 40 * cos(.pi * $0) })
    let opinion = try #require(SecondOpinion(swing, leastRange: 25))
    #expect(opinion.turns == 7 && abs(opinion.period - 2) < 0.06 && opinion.likeness > 0.95)
    let once = times.map { $0 < 2 ? 50 - 40 * cos(.pi * $0) : 10 }
    #expect(SecondOpinion(MotionCurve(times: times, values: once), leastRange: 25) == nil)
    let tiny = times.map { 50 - 5 * cos(.pi * $0) }
    #expect(SecondOpinion(MotionCurve(times: times, values: tiny), leastRange: 25) == nil)
    #expect(SecondOpinion(MotionCurve(), leastRange: 25) == nil)
  }

  @Test("that repeats itself more often than was counted is disputed")
  func disputed() throws {
    let options = MotionOptions(counting: .exercise(.squat))
    var analyser = MotionAnalyser(options)
    var record = MotionRecord(options)
    // None is as deep as it must be.
    for index in 0..<480 {
      record.add(analyser.add(frame(index, [(id: 1, bend: 0.45 * bend(index))])))
    }
    let summary = try #require(record.summaries.first)
    #expect(summary.repetitions.isEmpty && summary.isDisputed)
    #expect(summary.secondOpinion?.turns == 8)
  }

  @Test("of a jumping jack is arms and legs together")
  func jumpingJack() {
    func count(legs: Double) -> Int {
      var counter = ExerciseCounter(.jumpingJack)
      for index in 0..<240 {
        let part = bend(index)
        var body = Skeleton()
        body.heading = 90
        body.shoulder = (10 + 160 * part, 10 + 160 * part)
        body.hip = (legs * part, -legs * part)
        counter.add(body.person, in: body.size, at: Double(index) / 30)
      }
      return counter.count
    }
    #expect(count(legs: 25) == 4)
    #expect(count(legs: 0) == 0)
  }
}
