import Glibc
import Options
import Processes
import StanceJobs
import StanceService
import Telemetry

/// `stance work`: works on jobs, without HTTP.
struct WorkCommand {
  static let row = CommandRow<Settings>(
    "work", "Works on jobs that a service has accepted",
    discussion:
      "Any number of workers, on any number of machines, share the jobs of one store; stance serve --jobs is one of "
      + "them. All of them need the same --jobs, --job-files and --job-folder. SIGTERM and Ctrl-C finish what is nearly done, "
      + "hand back the rest, and end with status 0; a second one ends at once, and costs others one lease (a minute).",
    examples: [
      Example(
        "stance work --jobs sqlite:/var/lib/stance/jobs.db",
        "One more process beside the service of this machine"),
      Example(
        "stance work --jobs postgresql://jobs@db/stance --job-files /mnt/jobs --threads 4",
        "On another machine, with four engines"),
    ],
    [OptionGroups.jobs, OptionGroups.work, OptionGroups.inference, OptionGroups.models])

  /// How often a signal is looked for.
  private static let pause: UInt32 = 100_000

  private let settings: Settings
  private let console: Console

  init(_ settings: Settings, _ console: Console) {
    (self.settings, self.console) = (settings, console)
  }

  func run() throws -> Int32 {
    console.interrupts.watch()
    let errors = console.errors
    let format = settings.server.logFormat ?? (console.showsProgress ? .text : .json)
    // A log that can't be written is no failure of a job.
    let log = Log(format) { line in try? errors.write(Array(line.utf8)) }
    defer { log.flush() }
    let opened: JobPlace?
    do { opened = try console.jobPlace(settings.jobs, log) } catch is CancellationError {
      return ExitStatus.success
    }
    guard let place = opened else {
      throw UsageError("--jobs: say where jobs are kept, as sqlite:/var/lib/stance/jobs.db")
    }
    _ = DescriptorLimit.raise()
    var configuration = ServiceConfiguration()
    (configuration.engine, configuration.server) = (settings.engine, settings.server)
    guard let finder = try LandmarkerPeopleFinder(configuration).forJobs else {
      throw UsageError("work: there are no engines")
    }
    let service = JobService(place, finder: finder, configuration, log: log)
    try service.start()
    log(
      .info, "working",
      [
        (name: "worker", value: .text(service.worker.options.name)),
        (name: "engines", value: .integer(finder.engineCount)),
      ])
    var number: Int32?
    while number == nil {
      usleep(Self.pause)
      number = console.interrupts.signal()
    }
    log(.info, "stopping", [(name: "signal", value: .integer(Int(number ?? 0)))])
    let isWhole = service.stop(within: settings.server.grace)
    log(.info, "stopped", [(name: "inTime", value: .bool(isWhole))])
    return ExitStatus.success
  }
}
