import Dispatch
import Glibc
import HTTPServer
import Options
import Processes
import StanceService
import Synchronization
import Telemetry

/// `stance serve`: the web service and its page.
struct ServeCommand {
  static let row = CommandRow<Settings>(
    "serve", "Serves the page and the HTTP interface",
    discussion:
      "The pose and drawing options are the defaults of requests, which may set others. Without --api-keys everybody "
      + "who reaches the address may use the service, so by default only this machine does. SIGTERM and Ctrl-C stop "
      + "accepting, finish what was accepted, and end with status 0; a second one ends at once. "
      + "SIGHUP has a renewed certificate read.",
    examples: [
      Example("stance serve", "Serve this machine at http://127.0.0.1:5000"),
      Example("stance serve --host 0.0.0.0 --port 8080", "Serve the network"),
      Example(
        "stance serve --complexity 2 --adaptive",
        "The heavy model; under load a quicker search, then a lighter model"),
    ],
    [
      OptionGroups.listening, OptionGroups.limits, OptionGroups.jobs, OptionGroups.webhooks,
      OptionGroups.pose, OptionGroups.drawing, OptionGroups.postures, OptionGroups.pictures,
      OptionGroups.inference, OptionGroups.models,
    ])

  private let configuration: ServiceConfiguration
  private let webhooks: WebhookOptions
  private let console: Console

  /// - Throws: `UsageError` when `--examples` can't be read.
  init(_ settings: Settings, _ console: Console) throws(UsageError) {
    var configuration = ServiceConfiguration()
    configuration.pose = settings.pose
    configuration.style = settings.style
    configuration.tutorialStyle = settings.tutorialStyle
    configuration.quality = settings.quality
    configuration.engine = settings.engine
    configuration.server = settings.server
    configuration.examples = try settings.postures()
    configuration.jobs = settings.jobs
    webhooks = settings.webhooks
    self.configuration = configuration
    self.console = console
  }

  func run() throws -> Int32 {
    console.interrupts.watch()
    let renewals = signals(SIGHUP)
    let errors = console.errors
    let format = configuration.server.logFormat ?? (console.showsProgress ? .text : .json)
    // A log that can't be written is no failure of a request.
    let log = Log(format) { line in try? errors.write(Array(line.utf8)) }
    defer { log.flush() }

    let finder = try LandmarkerPeopleFinder(configuration)
    let place: JobPlace?
    do { place = try console.jobPlace(configuration.jobs, log) } catch is CancellationError {
      return ExitStatus.success
    }
    let ending = signals(SIGTERM, SIGINT)
    // One that came before; from here on they are waited for with everything else.
    guard console.interrupts.signal() == nil else { return ExitStatus.success }
    // Each engine may be at a job's video.
    let configuration = try fitted(
      to: finder, videos: configuration.server.videos + (place == nil ? 0 : finder.engineCount), log
    )
    guard place != nil || webhooks.hosts.isEmpty else {
      throw UsageError("--webhook-host goes with --jobs, which says where jobs are kept")
    }
    let desk = try place.map { JobDesk($0, webhooks: try WebhookBox.opened(webhooks, in: $0)) }
    let application = try StanceApplication(
      configuration, finder: finder, version: StanceVersion.number, log: log, jobs: desk)
    return try blocking {
      try await Self.serve(application, until: ending, renewals, configuration, log)
    }
  }

  /// The configuration with as many connections as there are descriptors for, beside those of so many videos.
  private func fitted(
    to finder: some PeopleFinder, videos: Int, _ log: Log
  ) throws -> ServiceConfiguration {
    var configuration = configuration
    guard let descriptors = DescriptorLimit.raise() else { return configuration }
    let wanted = configuration.server.maxConnections
    let budget = try DescriptorBudget(
      wanted: wanted, descriptors: descriptors,
      photos: finder.engineCount + finder.photosAhead, videos: videos)
    configuration.server.maxConnections = budget.connections
    configuration.server.maxTurnedAway = budget.turnedAway
    if budget.connections < wanted {
      log(
        .warning, "fewer connections than --max-connections: the limit of open files is low",
        [
          (name: "connections", value: .integer(budget.connections)),
          (name: "wanted", value: .integer(wanted)),
          (name: "files", value: .integer(descriptors)),
        ])
    }
    return configuration
  }

  private static func serve(
    _ application: StanceApplication, until ending: AsyncStream<Int32>,
    _ renewals: AsyncStream<Int32>, _ configuration: ServiceConfiguration, _ log: Log
  ) async throws -> Int32 {
    let serving = Task {
      try await application.run(renewals: renewals) { port in
        log(.info, "listening", [(name: "address", value: .text(configuration.address(port)))])
      }
    }
    let watching = Task {
      for await signal in ending {
        // The second one takes its usual effect.
        for number in [SIGTERM, SIGINT] { Glibc.signal(number, SIG_DFL) }
        log(.info, "draining", [(name: "signal", value: .integer(Int(signal)))])
        serving.cancel()
        return
      }
    }
    defer { watching.cancel() }
    let end = try await serving.value
    log(.info, "stopped", [(name: "drained", value: .bool(end == .drained))])
    return ExitStatus.success
  }

  /// Waits on the program's first thread, which is none of the shared pool's.
  private func blocking(_ body: @escaping @Sendable () async throws -> Int32) throws -> Int32 {
    let done = DispatchSemaphore(value: 0)
    let outcome = Mutex(Result<Int32, any Error>.success(ExitStatus.failure))
    Task {
      let result: Result<Int32, any Error>
      do { result = .success(try await body()) } catch { result = .failure(error) }
      outcome.withLock { $0 = result }
      done.signal()
    }
    done.wait()
    return try outcome.withLock { $0 }.get()
  }
}

extension ServiceConfiguration {
  /// Where a browser finds the service.
  fileprivate func address(_ port: Int) -> String {
    let host = server.host.contains(":") ? "[\(server.host)]" : server.host
    return "\(server.tlsCertificate == nil ? "http" : "https")://\(host):\(port)"
  }
}
