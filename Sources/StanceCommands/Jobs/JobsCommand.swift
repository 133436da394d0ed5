import Files
import Options
import StanceService

/// `stance jobs`: what a service or a store has to do.
struct JobsCommand {
  static let row = CommandRow<Settings>(
    "jobs", "Lists jobs, and hands over a folder of photos",
    discussion:
      "list shows the newest jobs (with API keys: one's own; of a store: all), show ID one of them, cancel ID cancels it, or forgets one "
      + "that has ended with its result, retry ID runs a dead one again. run FOLDER hands the folder's photos over, waits, and writes the "
      + "results (-o FILE; else to standard output). Ctrl-C ends the waiting, not the job: the same command on the same photos finds "
      + "the job again, also when it is done already. The key for --server can stand in the variable STANCE_KEY instead of a file.",
    operands: Operands("list|show|cancel|retry|run [ID|FOLDER]", .file, count: 1...2),
    examples: [
      Example("stance jobs list", "The newest jobs of the service at this machine"),
      Example(
        "stance jobs run photos -o results.jsonl --server https://pose.example --key-file key",
        "A folder's photos, worked on elsewhere"),
      Example("stance jobs list --jobs sqlite:/var/lib/stance/jobs.db", "All jobs of a store"),
    ],
    [
      OptionGroups.reaching, OptionGroups.jobs, OptionGroups.jobOutput, OptionGroups.pose,
      OptionGroups.drawing, OptionGroups.pictures,
    ])

  private enum Action: String, CaseIterable { case list, show, cancel, retry, run }

  private let settings: Settings
  private let operands: [String]
  private let console: Console

  init(_ settings: Settings, _ operands: [String], _ console: Console) {
    (self.settings, self.operands, self.console) = (settings, operands, console)
  }

  func run() throws -> Int32 {
    let word = operands.first ?? ""
    guard let action = Action(rawValue: word) else {
      let known = Action.allCases.map(\.rawValue).joined(separator: ", ")
      throw UsageError("jobs: \"\(word)\" is none of \(known)")
    }
    let subject = operands.dropFirst().first
    switch (action, subject) {
    case (.list, let extra?): throw UsageError("jobs list takes nothing more, not \"\(extra)\"")
    case (.list, nil):
      return try list(try access())
    case (.run, nil): throw UsageError("jobs run wants a folder of photos")
    case (.run, let folder?):
      return try JobsRun(settings, configuration, console, try access()).run(folder)
    case (_, nil): throw UsageError("jobs \(word) wants the id of a job; jobs list shows them")
    case (_, let id?):
      guard id.utf8.count == 32, id.utf8.allSatisfy({ Array("0123456789abcdef".utf8).contains($0) })
      else {
        throw UsageError("jobs \(word): \"\(id)\" is no id of a job: 32 digits of 0-9 and a-f")
      }
      return try act(action, on: id, try access())
    }
  }

  private func list(_ access: any JobsAccess) throws -> Int32 {
    let json = try access.list(limit: settings.reaching.limit)
    if settings.json {
      try console.output.write(json + [UInt8(ascii: "\n")])
    } else {
      let jobs = try JobLook.list(json: json)
      for job in jobs { try console.print(job.line) }
      if jobs.isEmpty, settings.jobs.store == nil {
        console.complain(
          "no jobs to show; without API keys a service lists none, and jobs show ID still shows one"
        )
      }
    }
    return ExitStatus.success
  }

  private func act(_ action: Action, on id: String, _ access: any JobsAccess) throws -> Int32 {
    let json: [UInt8]
    switch action {
    case .cancel:
      guard let now = try access.cancel(id) else {
        try console.print(settings.json ? "" : "\(id)  forgotten\n")
        return ExitStatus.success
      }
      json = now
    case .retry: json = try access.retry(id)
    case .show, .list, .run: json = try access.show(id)
    }
    if settings.json {
      try console.output.write(json + [UInt8(ascii: "\n")])
    } else {
      try console.print(try JobLook(json: json).line)
    }
    return ExitStatus.success
  }

  private var configuration: ServiceConfiguration {
    var configuration = ServiceConfiguration()
    (configuration.pose, configuration.style) = (settings.pose, settings.style)
    configuration.quality = settings.quality
    return configuration
  }

  private func access() throws -> any JobsAccess {
    let options = settings.reaching
    guard options.server == nil || settings.jobs.store == nil else {
      throw UsageError("--server and --jobs are two places where jobs can be; name one")
    }
    if settings.jobs.store != nil {
      guard options.keyFile == nil else { throw UsageError("--key-file goes with --server") }
      guard let place = try JobPlace.opened(settings.jobs, stateDirectory: nil) else {
        throw UsageError("--jobs names no store")
      }
      return StoreJobs(jobs: DirectJobs(place), configuration: configuration)
    }
    return try ServerJobs(options.server ?? JobsOptions.usualServer, key: try key(options.keyFile))
  }

  private static let maxKeyFile = 4096

  private func key(_ file: String?) throws -> String? {
    let text: String
    if let file {
      text = String(decoding: try Files.read(file, limit: Self.maxKeyFile), as: UTF8.self)
    } else if let variable = console.environment["STANCE_KEY"] {
      text = variable
    } else {
      return nil
    }
    // As in the service's own file: a comment may follow.
    guard let key = text.split(whereSeparator: \.isWhitespace).first, !key.hasPrefix("#") else {
      throw JobsFailure("\(file ?? "STANCE_KEY"): holds no key")
    }
    return String(key)
  }
}
