import Options
import Stance
import Telemetry

/// What a live session can be asked for: the pose options, how people are followed, what is measured and counted, and masks.
struct LiveParameters: Sendable {
  /// In which form masks are sent.
  enum MaskForm: String, Sendable, CaseIterable, OptionValue { case none, png }

  var pose: PoseOptions
  var tracking = TrackingOptions()
  var motion = MotionChoice()
  var mask = MaskForm.none

  init(_ configuration: ServiceConfiguration) {
    pose = configuration.pose
    motion.examples = configuration.examples
  }

  /// Every parameter.
  static let rows: [OptionRow<LiveParameters>] =
    PoseRows.all.map { $0.lifted(to: \.pose) }
    + [TrackingRows.smoothing, TrackingRows.follow, TrackingRows.memory].map {
      $0.lifted(to: \.tracking)
    }
    + MotionRows.all.map { $0.lifted(to: \.motion) }
    + [
      .option(
        "mask", \.mask, "png: after each result all people's mask, as a binary message of its own")
    ]

  /// Sets what a query names; the rest stays.
  ///
  /// - Throws: `Problem` with `bad_parameter` that names the parameter; then all is as before.
  mutating func read(query: [(name: String, value: String)]) throws(Problem) {
    // An address is kept in histories and logs.
    guard !query.contains(where: { $0.name == "key" }) else {
      throw Problem(
        .badParameter,
        "a key is no parameter: it goes into the field Authorization, the subprotocol stance.key.KEY or the first message"
      )
    }
    var changed = self
    try ParameterTable.read(query, by: Self.rows, into: &changed)
    self = try changed.validated()
  }

  /// Sets what a message names; the rest stays. By `null` nobody in particular is followed, and no angle measured.
  ///
  /// - Throws: `Problem` with `bad_parameter` that names the parameter; then all is as before.
  mutating func read(options: [String: [String]?]) throws(Problem) {
    var changed = self
    var given: [(name: String, values: [String])] = []
    for (name, values) in options.sorted(by: { $0.key < $1.key }) {
      if let values {
        given.append((name, values))
      } else if name == "follow" {
        changed.tracking.follow = nil
      } else if name == "angles" {
        changed.motion.angles = nil
      } else {
        throw Problem(.badParameter, "\(name) is null; only follow and angles may be that")
      }
    }
    try ParameterTable.read(given, by: Self.rows, into: &changed)
    self = try changed.validated()
  }

  private func validated() throws(Problem) -> LiveParameters {
    do throws(PoseError) {
      try pose.validate()
      try tracking.validate()
    } catch {
      throw Problem(.badParameter, error.message)
    }
    return self
  }

  /// The options of every frame: masks are found for who wants to see them.
  var effectivePose: PoseOptions {
    var pose = pose
    if mask != .none { pose.segmentation = true }
    return pose
  }

  /// As they can be sent back.
  var json: JSONValue {
    .object(
      Self.rows.map { row in
        let text = row.text(in: self)
        return (name: row.key, value: row.repeats ? regions : Self.json(text, row.kind))
      })
  }

  /// The one list that there is.
  private var regions: JSONValue { .array(pose.regions.map { .text($0.optionText) }) }

  private static func json(_ text: String?, _ kind: ValueKind) -> JSONValue {
    guard let text else { return .null }
    switch kind {
    case .flag: return .bool(text == true.optionText)
    // The words of a choice can be numbers too.
    case .integer, .number, .choice: return Double(text).map(JSONValue.number) ?? .text(text)
    default: return .text(text)
    }
  }
}
