import PoseMotion
import Stance

extension MotionRecord.Summary {
  /// What somebody did, for a person at a terminal.
  ///
  /// - Parameter factor: by how much larger the person is than the average body, where that is known.
  func text(file: String, factor: Double) -> String {
    let person = "\(file.onOneLine): person \(id)"
    var lines: [String] = []
    if let exercise { lines.append("\(person), \(exercise.name): \(counted(exercise))") }
    if !postures.isEmpty {
      let parts = postures.map { "\($0.name) \($0.seconds.fixed(places: 1)) s" }
      lines.append("\(person), postures: \(parts.joined(separator: ", "))")
    }
    for curves in angles {
      lines.append(
        "\(person), \(curves.angle.name): by metres \(Self.words(curves.world)); "
          + "by the picture \(Self.words(curves.plane))")
    }
    for curves in landmarks {
      lines.append("\(person), \(curves.landmark.rawValue): \(Self.words(curves, factor))")
    }
    return lines.map { $0 + "\n" }.joined()
  }

  private static func words(_ curves: LandmarkCurves, _ factor: Double) -> String {
    let (world, plane) = (curves.worldMovement, curves.planeMovement)
    func most(_ curve: MotionCurve) -> Double? { curve.range?.upperBound }
    guard let speed = most(world.speed), let acceleration = most(world.acceleration),
      let inPicture = most(plane.speed)
    else { return "none" }
    let known = world.speed.values.filter { !$0.isNaN }.count
    return "from the hips at most \((factor * speed).fixed(places: 2)) m/s "
      + "and \((factor * acceleration).fixed(places: 1)) m/s², in the picture at most "
      + "\(inPicture.fixed(places: 0)) pixels/s, in \(known) of \(world.speed.values.count) frames"
  }

  private func counted(_ exercise: Exercise) -> String {
    let count = repetitions.count
    var parts = ["\(count) \(count == 1 ? "repetition" : "repetitions")"]
    if unfinished != nil { parts[0] += " and 1 unfinished" }
    let all = repetitions + [unfinished].compactMap(\.self)
    let ranges = all.map(\.range)
    if let least = ranges.min(), let most = ranges.max() {
      let isAngle = exercise.signal.unit == .degrees
      let places = isAngle ? 0 : 2
      parts.append(
        "range \(least.fixed(places: places)) to \(most.fixed(places: places)) "
          + (isAngle ? "degrees" : "trunk lengths"))
    }
    if let seconds = Self.mean(repetitions.compactMap(\.duration)) {
      parts.append("\(seconds.fixed(places: 1)) s each")
    }
    parts += Self.form(all.compactMap(\.form))
    let guessed = repetitions.filter { !$0.isJudgedFromSeen }.count
    if guessed > 0 { parts.append("\(guessed) of them with joints out of sight") }
    if let secondOpinion, isDisputed {
      parts.append("but the movement repeats itself \(secondOpinion.turns) times")
    }
    return parts.joined(separator: ", ")
  }

  /// Facts about the body at the turns.
  private static func form(_ forms: [RepetitionForm]) -> [String] {
    var parts: [String] = []
    if let knee = forms.flatMap({ [$0.leftKnee, $0.rightKnee] }).compactMap(\.self).max() {
      parts.append("deepest knee \(knee.fixed(places: 0))")
    }
    if let lean = mean(forms.compactMap(\.trunkLean)) {
      parts.append("trunk \(lean.fixed(places: 0)) from upright at the turn")
    }
    if let width = mean(forms.compactMap(\.stanceWidth)) {
      parts.append("feet \(width.fixed(places: 2)) m apart")
    }
    let sides = forms.compactMap(\.sides)
    if let left = mean(sides.map(\.left)), let right = mean(sides.map(\.right)) {
      parts.append(
        "left \(left.fixed(places: 0)) and right \(right.fixed(places: 0)) degrees of range")
    }
    return parts
  }

  private static func words(_ curve: MotionCurve) -> String {
    guard let range = curve.range else { return "none" }
    let known = curve.values.filter { !$0.isNaN }.count
    let speeds = curve.smoothed().speed.values.filter { !$0.isNaN }.map(abs)
    let speed = speeds.max().map { ", at most \($0.fixed(places: 0)) degrees/s" } ?? ""
    return
      "\(range.lowerBound.fixed(places: 1)) to \(range.upperBound.fixed(places: 1)) degrees\(speed), "
      + "in \(known) of \(curve.values.count) frames"
  }

  private static func mean(_ values: [Double]) -> Double? {
    values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
  }
}
