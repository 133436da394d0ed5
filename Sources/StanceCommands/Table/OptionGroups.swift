import Options
import PoseRendering
import Stance

/// The rows of ``PoseOptions``: the same for every command, and later for a request's query.
enum PoseRows {
  static let all: [OptionRow<PoseOptions>] = [
    .option(
      "complexity", short: "c", \.complexity, "The landmark model: 0 lite, 1 full, 2 heavy"),
    .option(
      "max-people", short: "n", \.maxPeople, "At most so many people, best first", in: 1...100),
    .option(
      "min-detection-confidence", \.minDetectionConfidence,
      "The detector's score from which a detection counts", in: 0...1),
    .option(
      "min-tracking-confidence", \.minTrackingConfidence,
      "The landmark model's pose flag above which a person counts", in: 0...1),
    .option(
      "search", \.search,
      "How much is done to find everybody: quick looks at the whole picture, thorough at its parts too"
    ),
    .option("segmentation", \.segmentation, "Find each person's mask too; costs time"),
  ]
}

/// The rows of ``DrawingStyle``.
enum DrawingRows {
  static let all: [OptionRow<DrawingStyle>] = [
    .option("joint-color", \.jointColor, "Joints: a name such as red, or #rrggbb or #rrggbbaa"),
    .option("bone-color", \.boneColor, "Bones"),
    .option("left-color", \.leftColor, "Joints and bones of the person's left half"),
    .option("right-color", \.rightColor, "Joints and bones of the person's right half"),
    .option(
      "outline-color", \.outlineColor, "The thin edge round joints and bones; #0000 for none"),
    .option(
      "thickness", \.thickness, "Width of the bones in pixels; unset: suits the picture",
      in: 0.1...DrawingStyle.maxStroke),
    .option(
      "radius", \.radius, "Radius of the joints in pixels; unset: suits the picture",
      in: 0.1...DrawingStyle.maxStroke),
    .option("joints", \.showsJoints, "Draw joints; --no-joints leaves them out"),
    .option("bones", \.showsBones, "Draw bones; --no-bones leaves them out"),
    .option("labels", \.showsLabels, "Write the joints' names beside them"),
    .option(
      "min-visibility", \.minVisibility, "A joint of lower visibility is unlikely", in: 0...1),
    .option("unlikely-joints", \.unlikelyJoints, "What becomes of unlikely joints"),
    .option("mask-color", \.maskColor, "Tint people by their masks; implies --segmentation"),
    .option("mask-opacity", \.maskOpacity, "How strong the tint is", in: 0...1),
  ]
}

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
      .option("quality", \.quality, "Quality of JPEG and WebP pictures", in: 1...100),
    ])

  static let drawing = OptionGroup<Settings>(
    "Drawing", DrawingRows.all.map { $0.lifted(to: \.style) })
}
