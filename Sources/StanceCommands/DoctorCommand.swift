import Files
import Glibc
import Images
import Inference
import Options
import Stance

/// `stance doctor`: one screen that says what works here. Ends with status 0 when the main job does.
struct DoctorCommand {
  static let row = CommandRow<Settings>(
    "doctor", "Says what works on this machine, and what to do about the rest",
    discussion:
      "A line that begins with ! wants attention. The exit status is 0 when a photo can be read and people be "
      + "found in it, else 1; 71, as of detect and serve, where the system refuses threads.",
    examples: [
      Example("stance doctor", "Look at everything"),
      Example("stance doctor --precision bf16", "See whether this processor has bf16"),
    ], [OptionGroups.inference, OptionGroups.models])

  private let settings: Settings
  private let console: Console
  private let makeFinder: PoseFinderFactory

  init(_ settings: Settings, _ console: Console, _ makeFinder: @escaping PoseFinderFactory) {
    self.settings = settings
    self.console = console
    self.makeFinder = makeFinder
  }

  func run() throws -> Int32 {
    let mainJob = checkMainJob()
    var lines = [
      DoctorLine("stance", StanceVersion.number), DoctorLine("runtime", InferenceRuntime.version),
      DoctorLine("processor", InferenceRuntime.processor),
      DoctorLine("instructions", InferenceRuntime.instructionSets.joined(separator: " ")),
      precisions, DoctorLine("threads", threads),
    ]
    lines += models
    lines += MachineChecks.pictureFormats()
    lines.append(MachineChecks.cache())
    if let unknown = MachineChecks.unknownVariables(console.environment) { lines.append(unknown) }
    lines.append(mainJob)
    try console.print(lines.map(\.text).joined())
    return mainJob.isProblem ? ExitStatus.failure : ExitStatus.success
  }

  private var precisions: DoctorLine {
    let names = InferenceRuntime.precisions.map(\.rawValue).joined(separator: ", ")
    return DoctorLine(
      "precisions",
      InferenceRuntime.precisions.contains(.bf16)
        ? names : "\(names); no bf16: the processor has neither AVX512-BF16 nor AMX-BF16")
  }

  private var threads: String {
    let available = InferenceRuntime.availableCores
    let used = settings.engine.threads ?? available
    return
      "\(used) used; \(available) of \(max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))) cores may be"
  }

  private var models: [DoctorLine] {
    let folder = ModelFolder.named(settings.engine.modelFolder)
    let states = Model.all.map { (model: $0, state: folder.state(of: $0)) }
    let summary = states.map { "\($0.model.name) \($0.state.summary)" }.joined(separator: ", ")
    var lines = [
      DoctorLine("models", summary, isProblem: states.contains { $0.state != .present }),
      DoctorLine("", "in \(folder.path)"),
    ]
    let missing = states.filter { $0.state != .present }.map(\.model)
    if !missing.isEmpty { lines.append(DoctorLine("", ModelAdvice.text(for: missing, in: folder))) }
    return lines
  }

  /// Finds nobody in a grey picture: every part of the main job runs, from bytes to answer.
  private func checkMainJob() -> DoctorLine {
    do {
      let size = ImageSize(width: 64, height: 64)
      let grey = Image(size: size, bgrx: [UInt8](repeating: 127, count: 4 * size.pixelCount))
      let photo = try ImageEncoder.encode(grey, as: .jpeg)
      _ = try makeFinder(settings.pose, settings.engine).find(in: photo, wantsPicture: true)
      return DoctorLine("main job", "works: a photo was read and searched")
    } catch {
      return DoctorLine("main job", "does not work: \(error)", isProblem: true)
    }
  }
}
