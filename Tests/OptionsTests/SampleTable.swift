import Options

/// A small program's settings, with every kind of row.
struct Sample: Sendable, Equatable {
  enum Precision: String, CaseIterable, OptionValue { case full, half }
  enum Size: Int, CaseIterable, OptionValue { case small = 0, large = 2 }

  struct Person: Sendable, Equatable {
    var maxPeople = 5
    var minConfidence: Float = 0.5
  }

  var port = 8080
  var person = Person()
  var precision = Precision.full
  var size = Size.small
  var timeout = Duration.seconds(30)
  var verbose = false
  var shows = true
  var origins: [String] = []
  var output: String?
  var threads: Int?

  static let personRows: [OptionRow<Person>] = [
    .option("max-people", short: "n", \.maxPeople, "People to find in a frame", in: 1...16),
    .option("min-confidence", \.minConfidence, "Leave out people below this", in: 0...1),
  ]

  static let common = OptionGroup<Sample>(
    "People",
    personRows.map { $0.lifted(to: \.person) } + [
      .option("precision", \.precision, "Arithmetic of the model"),
      .option("size", \.size, "Size of the model"),
      .option("threads", \.threads, "Threads to use", in: 1...8),
      .option("verbose", short: "v", \.verbose, "Say more"),
      .option("shows", \.shows, "Show it"),
    ])

  static let table = CommandTable(
    "sample", "Finds people's poses in pictures and films.", defaults: Sample(),
    [
      CommandRow(
        "serve", "Answers over HTTP", examples: [Example("sample serve", "Listen")],
        [
          OptionGroup(
            "Server",
            [
              .option("port", short: "p", \.port, "Listen on this port", in: 0...65535),
              .option("timeout", \.timeout, "Give up on a request after this long"),
              .list("origin", \.origins, "Let pages of this origin call us", placeholder: "URL"),
            ]), common,
        ]),
      CommandRow(
        "image", "Reads pictures", operands: Operands("FILE…", .file, count: 1...Int.max),
        examples: [Example("sample image a.jpg", "Look at a picture")],
        [
          OptionGroup(
            "Output", [.option("output", short: "o", \.output, "Write here", kind: .file)]),
          common,
        ]),
      CommandRow(
        "shell", "Takes one word",
        operands: Operands("bash|zsh", .choice(["bash", "zsh"]), count: 1...1),
        examples: [Example("sample shell bash", "For bash")]),
    ])

  /// What a line of words that need no quotes comes to.
  static func parse(
    _ line: String, _ environment: [String: String] = [:], config: String = "{}"
  ) throws -> Invocation<Sample> {
    try table.parse(
      line.split(separator: " ").map(String.init), environment: environment,
      readFile: { _ in Array(config.utf8) })
  }

  /// The settings of a line that runs a command.
  static func settings(
    _ line: String, _ environment: [String: String] = [:], config: String = "{}"
  ) throws -> Sample {
    guard case .run(_, let settings, _) = try parse(line, environment, config: config) else {
      throw UsageError("\(line) runs nothing")
    }
    return settings
  }

  /// The error of a line.
  static func complaint(
    _ line: String, _ environment: [String: String] = [:], config: String = "{}"
  ) -> String? {
    do {
      _ = try parse(line, environment, config: config)
      return nil
    } catch { return "\(error)" }
  }
}
