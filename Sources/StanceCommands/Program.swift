import Files
import Inference
import Options
package import PoseVideo
import Processes
import Stance

/// The program `stance`, without its process: arguments in, output and exit status out.
package struct Program: Sendable {
  /// What the program sees of its process.
  package let console: Console
  /// How people are found; tests give another way.
  package let makeFinder: PoseFinderFactory
  /// How people are followed; tests give another way.
  package let makeTracker: FrameTrackerFactory

  /// The program in this console.
  package init(
    console: Console, makeFinder: @escaping PoseFinderFactory = LandmarkerFinder.make,
    makeTracker: @escaping FrameTrackerFactory = {
      try ClipTracker($0, tracking: $1, engine: $2)
    }
  ) {
    self.console = console
    self.makeFinder = makeFinder
    self.makeTracker = makeTracker
  }

  /// Runs one command line, without the program's own name.
  ///
  /// - Returns: the exit status.
  package func run(_ arguments: [String]) -> Int32 {
    do {
      return try dispatch(arguments)
    } catch let error as UsageError {
      console.complain(error.description)
      return ExitStatus.usage
    } catch let error as ThreadProbe.Refused {
      console.complain(error.description)
      return ExitStatus.system
    } catch SinkError.closed {
      return ExitStatus.closedPipe
    } catch {
      console.complain("\(error)")
      return ExitStatus.failure
    }
  }

  private func dispatch(_ arguments: [String]) throws -> Int32 {
    let invocation = try StanceTable.table.parse(
      arguments, environment: console.environment,
      readFile: { try Files.read($0, limit: Self.maxConfigurationBytes) })
    switch invocation {
    case .print(let text):
      try console.print(text)
      return ExitStatus.success
    case .version:
      try console.print("stance \(StanceVersion.number)\n")
      return ExitStatus.success
    case .run(let name, let settings, let operands):
      if Self.needingThreads.contains(name) {
        try ThreadProbe.check(Self.threads(for: settings.engine))
      }
      return switch name {
      case DetectCommand.row.name:
        try DetectCommand(settings, operands, console, makeFinder).run()
      case VideoCommand.row.name:
        try VideoCommand(settings, operands, console, makeTracker).run()
      case ExportCommand.row.name: try ExportCommand(settings, operands, console).run()
      case ExamplesCommand.row.name:
        try ExamplesCommand(settings, operands, console, makeFinder).run()
      case AnalyseCommand.row.name: try AnalyseCommand(settings, operands, console).run()
      case JobsCommand.row.name: try JobsCommand(settings, operands, console).run()
      case ServeCommand.row.name: try ServeCommand(settings, console).run()
      case WorkCommand.row.name: try WorkCommand(settings, console).run()
      case ModelsCommand.row.name: try ModelsCommand(settings, console).run()
      case DoctorCommand.row.name: try DoctorCommand(settings, console, makeFinder).run()
      case CompletionCommand.row.name: try CompletionCommand(operands, console).run()
      default: throw UsageError("\(name) is not built yet")
      }
    }
  }

  private static let maxConfigurationBytes = 1 << 20
  private static let needingThreads = [
    DetectCommand.row.name, VideoCommand.row.name, ExamplesCommand.row.name, ServeCommand.row.name,
    WorkCommand.row.name, DoctorCommand.row.name,
  ]

  /// About as many as are alive at once: serving with 2 engines has 21.
  private static func threads(for engine: EngineOptions) -> Int {
    8 + 4 * max(1, engine.threads ?? InferenceRuntime.availableCores)
  }
}
