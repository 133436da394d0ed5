import Options
import PoseRendering
import Stance
import StanceService

/// The options of the commands, under their headings.
enum OptionGroups {
  static let pose = OptionGroup<Settings>(
    "What to look for", PoseRows.all.map { $0.lifted(to: \.pose) })

  static let inference = OptionGroup<Settings>(
    "Inference",
    [
      .option(
        "precision", \.engine.precision,
        "The arithmetic; bf16 only on a processor that has it"),
      .option(
        "threads", short: "t", \.engine.threads,
        "Threads to use; unset: as many as the process may use", in: 1...1024),
    ])

  static let models = OptionGroup<Settings>(
    "Models",
    [
      .option(
        "models", \.engine.modelFolder,
        "The folder of the model files; unset: beside the program or in the checkout",
        kind: .folder)
    ])

  static let output = OptionGroup<Settings>(
    "Output",
    [
      json,
      .option(
        "output", short: "o", \.output, "Write annotated pictures here", kind: .file,
        placeholder: "FILE-OR-FOLDER"),
      .option(
        "mask", \.mask, "Write masks here as 8-bit PNG; implies --segmentation", kind: .folder),
      export, format,
      quality,
    ])

  static let results = OptionGroup<Settings>(
    "Results",
    [
      json,
      .option(
        "output", short: "o", \.output, "Write the video with the people drawn here", kind: .file,
        placeholder: "FILE.mp4"),
      .option(
        "mask", \.mask,
        "Write masks here: a PNG a frame into a folder, or a grey video; implies --segmentation",
        kind: .file, placeholder: "FOLDER-OR-FILE.mp4"),
      export, format, height,
    ])

  static let exports = OptionGroup<Settings>("Exports", [export, format, height])

  static let angles = OptionGroup<Settings>(
    "Angles", MotionRows.angles.map { $0.lifted(to: \.motion) })

  static let motion = OptionGroup<Settings>(
    "Movement",
    MotionRows.all.map { $0.lifted(to: \.motion) } + [
      .option(
        "plot", \.plot, "Draw the angles' curves here", kind: .file, placeholder: "FILE.svg")
    ])

  static let analysis = OptionGroup<Settings>(
    "Output of an analysis",
    [
      json,
      .list(
        "export", \.exports, "Write the angles' curves here, as OpenSim's .mot or .sto",
        kind: .file),
    ])

  static let table = OptionGroup<Settings>(
    "Table",
    [
      .option(
        "output", short: "o", \.output, "Write the table here", kind: .file,
        placeholder: "FILE.csv")
    ])

  static let frames = OptionGroup<Settings>(
    "Frames", (ClipRows.frames + [ClipRows.frameRate]).map { $0.lifted(to: \.clip) })

  static let tracking = OptionGroup<Settings>(
    "Following people", ClipRows.following.map { $0.lifted(to: \.clip) })

  static let pictures = OptionGroup<Settings>("Pictures", [quality])

  static let listening = OptionGroup<Settings>(
    "Listening", ServerRows.listening.map { $0.lifted(to: \.server) })

  static let limits = OptionGroup<Settings>(
    "Limits", ServerRows.limits.map { $0.lifted(to: \.server) })

  static let jobs = OptionGroup<Settings>("Jobs", JobRows.all.map { $0.lifted(to: \.jobs) })

  static let webhooks = OptionGroup<Settings>(
    "Messages about jobs", WebhookRows.all.map { $0.lifted(to: \.webhooks) })

  static let reaching = OptionGroup<Settings>(
    "Reaching jobs", JobsRows.all.map { $0.lifted(to: \.reaching) })

  static let jobOutput = OptionGroup<Settings>(
    "Output of jobs",
    [
      json,
      .option(
        "output", short: "o", \.output, "Write the results here", kind: .file,
        placeholder: "FILE"),
    ])

  static let work = OptionGroup<Settings>(
    "Limits of the work", ServerRows.ofWork.map { $0.lifted(to: \.server) })

  private static let json = OptionRow<Settings>.option(
    "json", \.json, "Print one JSON result a line")

  private static let export = OptionRow<Settings>.list(
    "export", \.exports,
    "Write the results here too, in the format of the file's ending; - is standard output",
    kind: .file)

  private static let format = OptionRow<Settings>.option(
    "format", \.format, "The format of every --export; unset: by the ending")

  private static let height = OptionRow<Settings>.list(
    "height", \.heights,
    "How tall people are, or who has that id is: exports in metres are scaled to it")

  private static let quality = OptionRow<Settings>.option(
    "quality", \.quality, "Quality of JPEG and WebP pictures", in: 1...100)

  static let trails = OptionGroup<Settings>(
    "Drawing over time", [ClipRows.trails.lifted(to: \.clip)])

  static let drawing = OptionGroup<Settings>(
    "Drawing", DrawingRows.all.map { $0.lifted(to: \.style, and: \.tutorialStyle) })
}
