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
      .option("json", \.json, "Print one JSON result a line"),
      .option(
        "output", short: "o", \.output, "Write annotated pictures here", kind: .file,
        placeholder: "FILE-OR-FOLDER"),
      .option(
        "mask", \.mask, "Write masks here as 8-bit PNG; implies --segmentation", kind: .folder),
      quality,
    ])

  static let pictures = OptionGroup<Settings>("Pictures", [quality])

  static let listening = OptionGroup<Settings>(
    "Listening", ServerRows.listening.map { $0.lifted(to: \.server) })

  static let limits = OptionGroup<Settings>(
    "Limits", ServerRows.limits.map { $0.lifted(to: \.server) })

  private static let quality = OptionRow<Settings>.option(
    "quality", \.quality, "Quality of JPEG and WebP pictures", in: 1...100)

  static let drawing = OptionGroup<Settings>(
    "Drawing", DrawingRows.all.map { $0.lifted(to: \.style, and: \.tutorialStyle) })
}
