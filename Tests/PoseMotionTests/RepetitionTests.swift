import Foundation
import Images
import PoseMotion
import Stance
import TestSupport
import Testing

@Suite("Repetitions")
struct RepetitionTests {
  private static let rate = 30.0

  /// A signal of pieces: each goes to a value in so many seconds, smoothly, as limbs do.
  private static func signal(from start: Double, _ pieces: [(to: Double?, seconds: Double)])
    -> [Double?]
  {
    var values: [Double?] = []
    var last = start
    for piece in pieces {
      let count = Int(piece.seconds * rate)
      for step in 1...count {
        guard let to = piece.to else {
          values.append(nil)
          continue
        }
        let part = (1 - cos(.pi * Double(step) / Double(count))) / 2
        values.append(last + part * (to - last))
      }
      last = piece.to ?? last
    }
    return values
  }

  private static func squats(_ depths: [Double], rest: Double = 8) -> [(
    to: Double?, seconds: Double
  )] {
    depths.flatMap { [(to: $0, seconds: 1), (to: rest, seconds: 1), (to: rest, seconds: 0.5)] }
  }

  private func count(
    _ values: [Double?], _ exercise: Exercise = .squat, noise: Double = 0, rate: Double = Self.rate
  ) -> (done: [Repetition], unfinished: Repetition?) {
    var counter = RepetitionCounter(exercise)
    var random = Xorshift()
    var done: [Repetition] = []
    for (index, value) in values.enumerated() {
      let trembling = value.map { $0 + noise * random.normal() }
      if let repetition = counter.add(trembling, at: Double(index) / rate) {
        done.append(repetition)
      }
    }
    #expect(done.map(\.number) == Array(1..<done.count + 1) && counter.count == done.count)
    return (done, counter.unfinished)
  }

  @Test(
    "of made-up signals are as many as were made, with and without noise", arguments: [0, 2.5])
  func madeUp(noise: Double) {
    let rest = (to: Optional(8.0), seconds: 1.0)
    let cases: [(String, Int, [(to: Double?, seconds: Double)])] = [
      ("deep", 5, [rest] + Self.squats([125, 130, 128, 127, 130])),
      ("parallel", 4, [rest] + Self.squats([90, 92, 88, 91])),
      ("the first counts", 1, [rest] + Self.squats([95])),
      ("tiny", 0, [rest] + Self.squats([22, 25, 20, 24])),
      ("borderline, just enough", 3, [rest] + Self.squats([63, 64, 63])),
      ("borderline, not enough", 0, [rest] + Self.squats([46, 45, 46])),
      (
        "paused at the bottom", 2,
        [rest, (100, 1), (101, 5), (8, 1), rest, (100, 1), (99, 3), (8, 1), rest]
      ),
      ("long rests", 3, [rest] + [95, 97, 96].flatMap { Self.squats([$0]) + [(8, 30)] }),
      (
        "double dip", 2,
        [
          rest, (110, 1), (75, 0.5), (112, 0.5), (8, 1), rest, (108, 1), (70, 0.5), (105, 0.5),
          (8, 1), rest,
        ]
      ),
      (
        "walks in in the middle and out again", 1,
        [(nil, 1), (100, 0.2), (8, 1), rest, (100, 1), (8, 1), rest, (95, 1), (nil, 3)]
      ),
      ("getting deeper", 6, [rest] + Self.squats([62, 72, 84, 96, 108, 120])),
      ("stays down", 0, [rest, (100, 1), (101, 40), (8, 1), rest]),
      ("a blink", 0, [rest, (100, 0.1), (8, 0.1), rest]),
    ]
    for (name, wanted, pieces) in cases {
      let start = pieces.first?.to == nil ? 100.0 : 8
      let result = count(Self.signal(from: start, pieces), noise: noise)
      #expect(result.done.count == wanted, "\(name)")
    }
  }

  @Test("tell start, turn, end, range and tempo")
  func parts() throws {
    // Down in 1 s, up in 2 s: at the return level of 40° the way down has been a third of the half turn.
    let values = Self.signal(from: 10, [(10, 1), (100, 1), (10, 2), (10, 1)])
    let repetition = try #require(count(values).done.first)
    let passed = acos(1 - 2 * (40.0 - 10) / 90) / .pi
    #expect(abs(repetition.start - (1 - 1 / 30 + passed)) < 0.05)
    #expect(abs(repetition.turn - 2) < 0.05)
    #expect(abs((repetition.end ?? 0) - (2 - 1 / 30 + 2 * (1 - passed))) < 0.05)
    #expect(abs(repetition.rest - 10) < 1e-9 && abs(repetition.extreme - 100) < 1e-9)
    #expect(abs(repetition.range - 90) < 1e-9)
    #expect(abs((repetition.back ?? 0) - 2 * repetition.outward) < 0.1)
    #expect(repetition.isJudgedFromSeen && repetition.seen == 1)
  }

  @Test("that are begun at the end are unfinished, those that have not turned are none")
  func unfinished() {
    let begun = count(Self.signal(from: 8, [(8, 1), (100, 1), (70, 0.4)]))
    #expect(begun.done.isEmpty && begun.unfinished?.end == nil)
    #expect(begun.unfinished.map { abs($0.extreme - 100) < 1e-9 } == true)
    #expect(begun.unfinished?.number == 1)
    #expect(count(Self.signal(from: 8, [(8, 1), (50, 1)])).unfinished == nil)
  }

  @Test("with short gaps go on and say how much was seen, with long ones they don't")
  func gaps() throws {
    let short = count(
      Self.signal(from: 8, [(8, 1), (100, 1), (nil, 0.5), (100, 0.1), (8, 1), (8, 1)])
    ).done
    let repetition = try #require(short.first)
    #expect(!repetition.isJudgedFromSeen && (0.7..<0.8).contains(repetition.seen))
    let long = count(
      Self.signal(from: 8, [(8, 1), (100, 1), (nil, 1.5), (100, 0.1), (8, 1), (8, 1)])
    ).done
    #expect(long.isEmpty)
  }

  @Test("of any signal are counted from rest, whichever way it goes")
  func anySignal() throws {
    let signal = try #require(MotionSignal(name: "leftElbow"))
    for (rest, turn) in [(10.0, 80.0), (150, 60), (90, 130)] {
      let pieces =
        [(to: Optional(rest), seconds: 1.0)] + Self.squats([turn, turn, turn], rest: rest)
      let result = count(Self.signal(from: rest, pieces), Exercise(signal), noise: 1).done
      #expect(result.count == 3, "\(rest) to \(turn)")
      #expect(result.allSatisfy { abs($0.extreme - turn) < 5 && abs($0.rest - rest) < 5 })
    }
    let height = try #require(MotionSignal(name: "height:leftWrist"))
    let lifts = Self.signal(from: 4, [(4, 1), (5, 1), (4, 1), (4, 1), (4.9, 1), (4, 1), (4, 1)])
    #expect(count(lifts, Exercise(height)).done.count == 2)
  }

  @Test("are the same at 5, 15 and 60 frames a second")
  func frameRates() {
    let values = Self.signal(from: 8, [(8, 1)] + Self.squats([95, 100, 98, 96]))
    for rate in [5.0, 15, 60] {
      let sampled = (0..<Int(Double(values.count) / Self.rate * rate)).map { index in
        values[min(values.count - 1, Int(Double(index) / rate * Self.rate))]
      }
      #expect(count(sampled, rate: rate).done.count == 4, "\(rate) frames/s")
    }
  }

  @Test("times that repeat, run backwards or are no numbers are passed over")
  func times() {
    var counter = RepetitionCounter(.squat)
    for time in [0, 0, -1, .nan, .infinity, 0.5, 0.4] { counter.add(10, at: time) }
    #expect(counter.count == 0 && !counter.isWorking)
  }

  @Test(
    "of a body need what the exercise is: a step is no squat, arms in front of the body no curl of the trunk"
  )
  func conditions() {
    // A step: one knee bends by 65°, hips hardly.
    let step = bodies { part in
      var body = Skeleton()
      body.knee = (8 + 120 * part, 8)
      body.hip = (20 * part, 0)
      return body
    }
    #expect(step(.squat) == 0)
    let squat = bodies { part in
      var body = Skeleton()
      body.knee = (10 + 85 * part, 10 + 85 * part)
      body.hip = (5 + 80 * part, 5 + 80 * part)
      body.lean = 30 * part
      return body
    }
    #expect(squat(.squat) == 3)
    #expect(squat(.pushUp) == 0 && squat(.sitUp) == 0 && squat(.curl) == 0)
    let pushUp = bodies { part in
      var body = Skeleton()
      body.lean = 80
      body.elbow = (10 + 80 * part, 10 + 80 * part)
      body.shoulder = (80, 80)
      return body
    }
    #expect(pushUp(.pushUp) == 3 && pushUp(.squat) == 0)
    let curl = bodies { part in
      var body = Skeleton()
      body.elbow.left = 15 + 115 * part
      return body
    }
    #expect(curl(.curl) == 3 && curl(.pushUp) == 0)
    let raise = bodies { part in
      var body = Skeleton()
      body.shoulder = (10 + 80 * part, 10 + 80 * part)
      return body
    }
    #expect(raise(.raise) == 3 && raise(.curl) == 0)
    let press = bodies { part in
      var body = Skeleton()
      body.shoulder = (40 + 130 * part, 40 + 130 * part)
      body.elbow = (130 - 120 * part, 130 - 120 * part)
      return body
    }
    #expect(press(.press) == 3)
    let deadlift = bodies { part in
      var body = Skeleton()
      body.lean = 5 + 65 * part
      body.hip = (5 + 75 * part, 5 + 75 * part)
      return body
    }
    #expect(deadlift(.deadlift) == 3 && deadlift(.squat) == 0)
    let sitUp = bodies { part in
      var body = Skeleton()
      body.lean = -88 + 80 * part
      body.hip = (50 + 70 * part, 50 + 70 * part)
      body.knee = (90, 90)
      return body
    }
    #expect(sitUp(.sitUp) == 3 && sitUp(.squat) == 0)
    let lunge = bodies { part in
      var body = Skeleton()
      body.knee = (8 + 80 * part, 8 + 85 * part)
      body.hip = (70 * part, -30 * part)
      return body
    }
    #expect(lunge(.lunge) == 3)
    let pullUp = bodies { part in
      var body = Skeleton()
      body.shoulder = (170 - 110 * part, 170 - 110 * part)
      body.elbow = (8 + 122 * part, 8 + 122 * part)
      return body
    }
    #expect(pullUp(.pullUp) == 3)
  }

  @Test("tell of the turn how deep each knee, how far the trunk and how wide the feet were")
  func form() throws {
    var counter = ExerciseCounter(.squat)
    var form: RepetitionForm?
    for frame in 0..<120 {
      let part = (1 - cos(2 * .pi * Double(frame) / 60)) / 2
      var body = Skeleton()
      body.knee = (10 + 90 * part, 10 + 80 * part)
      body.hip = (70 * part, 70 * part)
      body.lean = 35 * part
      if let done = counter.add(body.person, in: body.size, at: Double(frame) / 30) {
        form = form ?? done.form
      }
    }
    let found = try #require(form)
    #expect(found.leftKnee.map { abs($0 - 100) < 0.01 } == true)
    #expect(found.rightKnee.map { abs($0 - 90) < 0.01 } == true)
    #expect(found.trunkLean.map { abs($0 - 35) < 0.01 } == true)
    // Ankles are 0.3 m apart to the side, and where the right knee is bent less 0.07 m to the front.
    #expect(found.stanceWidth.map { $0 > 0.3 && $0 < 0.34 } == true)
    #expect(found.sides.map { abs($0.left - 90) < 1 && abs($0.right - 80) < 1 } == true)
  }

  /// Counts three repetitions of a movement that goes out and back in two seconds, after a second of rest.
  private func bodies(_ body: @escaping (Double) -> Skeleton) -> (Exercise) -> Int {
    { exercise in
      var counter = ExerciseCounter(exercise)
      for frame in 0..<240 {
        let time = Double(frame) / 30
        let part = time < 1 || time > 7 ? 0 : (1 - cos(.pi * (time - 1))) / 2
        let skeleton = body(part)
        counter.add(skeleton.person, in: skeleton.size, at: time)
      }
      return counter.count
    }
  }
}

/// The same numbers in each run.
private struct Xorshift {
  private var state: UInt64 = 0x9E37_79B9_7F4A_7C15

  mutating func uniform() -> Double {
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return Double(state >> 11) / Double(1 << 53)
  }

  /// Roughly normal, of deviation 1.
  mutating func normal() -> Double { (0..<12).reduce(-6) { sum, _ in sum + uniform() } }
}
