import Options
import StanceJobs

/// What a request for a job can set beside what `/v1/pose` and `/v1/video` take.
struct JobParameters: Sendable {
  /// Higher goes first among one owner's jobs.
  var priority = 0
  /// Who is told of the job's end.
  var webhook: String?

  static let rows: [OptionRow<JobParameters>] = [
    .option(
      "priority", \.priority, "Higher goes first among your own jobs", in: -1000...1000),
    .option(
      "webhook", \.webhook,
      "Tell this https address, of a host that --webhook-host names, how the job ended"),
  ]

  /// Takes its own out of a query's, or a form's, values.
  ///
  /// - Returns: the others.
  /// - Throws: `Problem` with `bad_parameter`.
  mutating func read(
    _ all: [(name: String, value: String)]
  ) throws(Problem) -> [(name: String, value: String)] {
    let isOwn = { (name: String) in Self.rows.contains { $0.key == name } }
    // An address is longer than other values.
    if let long = all.first(where: { $0.name == "webhook" && $0.value.utf8.count > Self.maxWebhook }
    ) {
      throw Problem(
        .badParameter,
        "webhook has \(long.value.utf8.count) bytes; at most \(Self.maxWebhook) are taken")
    }
    var given: [(name: String, values: [String])] = []
    for (name, value) in all where isOwn(name) {
      if let place = given.firstIndex(where: { $0.name == name }) {
        given[place].values.append(value)
      } else {
        given.append((name, [value]))
      }
    }
    for (name, values) in given {
      guard let row = Self.rows.first(where: { $0.key == name }) else { continue }
      guard values.count == 1 else {
        throw Problem(.badParameter, "\(name) takes one value, not \(values.count)")
      }
      do throws(UsageError) { try row.set(&self, from: values) } catch {
        throw Problem(.badParameter, "\(name): \(error)")
      }
    }
    return all.filter { !isOwn($0.name) }
  }

  private static let maxWebhook = 2048
}

/// Which jobs a list has.
struct JobListParameters: Sendable {
  var limit = 50
  var before: String?
  var states: [JobState] = []

  static let rows: [OptionRow<JobListParameters>] = [
    .option("limit", \.limit, "Jobs at most", in: 1...200),
    .option("before", \.before, "Only jobs older than this one, by its id"),
    .list("state", \.states, "Only jobs in this state; may be given many times"),
  ]
}

extension JobState: OptionValue {}

/// What the removal of a job may do.
struct JobRemovalParameters: Sendable {
  enum Act: String, Sendable, CaseIterable, OptionValue { case cancel, forget }

  /// Nil: what fits how the job stands at that moment.
  var only: Act?

  static let rows: [OptionRow<JobRemovalParameters>] = [
    .option(
      "only", \.only,
      "cancel: one that has ended stays as it is, with its result; forget: one that goes on is refused"
    )
  ]
}
