import Options
import PoseFormats
import PoseRendering
import Stance

/// A form that `output` names, for callers who can't set `Accept`.
enum OutputName: String, Sendable, CaseIterable, OptionValue {
  case json, jpeg, png, webp, mask
  // Formats of one file, by their names.
  case csv
  case csvWide = "csv-wide"
  case openpose
  case openposeCOCO = "openpose-coco"
  case coco
  case cocoResults = "coco-results"
}

/// What a request's query or form can set: the same rows as the command line, and some more.
struct AnswerParameters: Sendable {
  var pose: PoseOptions
  var motion = MotionChoice()
  var style: DrawingStyle
  var quality: Int
  var output: OutputName?
  var person: Int?

  init(_ configuration: ServiceConfiguration) {
    (pose, style, quality) = (configuration.pose, configuration.style, configuration.quality)
  }

  /// Every parameter.
  static let rows: [OptionRow<AnswerParameters>] =
    PoseRows.all.map { $0.lifted(to: \.pose) }
    + [
      .option("output", \.output, "The answer's form, instead of what Accept asks for"),
      .option(
        "person", \.person, "With output=mask: only this person's, counted from 0", in: 0...99),
      .option("quality", \.quality, "Quality of JPEG and WebP pictures", in: 1...100),
    ] + MotionRows.angles.map { $0.lifted(to: \.motion) }
    + DrawingRows.all.map { $0.lifted(to: \.style) }

  /// Reads a query, or a form's fields, on top of the defaults.
  ///
  /// - Throws: `Problem` with `bad_parameter` that names the parameter.
  mutating func read(_ query: [(name: String, value: String)]) throws(Problem) {
    try ParameterTable.read(query, by: Self.rows, into: &self)
    do throws(PoseError) { try pose.validate() } catch {
      throw Problem(.badParameter, error.message)
    }
    if person != nil, output != .mask {
      throw Problem(.badParameter, "person goes with output=mask only")
    }
  }

  /// The form that `output` names, nil when it is not given.
  var form: AnswerForm? {
    switch output {
    case .json: .json
    case .jpeg: .picture(.jpeg)
    case .png: .picture(.png)
    case .webp: .picture(.webp)
    case .mask: .mask(person: person)
    case .csv, .csvWide, .openpose, .openposeCOCO, .coco, .cocoResults:
      output.flatMap { PoseFormat.named($0.rawValue) }.map { .text($0) }
    case nil: nil
    }
  }

  /// What is made in that form.
  ///
  /// - Throws: `Problem` with `bad_parameter` for what the form can't hold.
  func recipe(as form: AnswerForm) throws(Problem) -> Recipe {
    if style.background == .transparent, form.isDrawn, !form.holdsTransparency {
      throw Problem(
        .badParameter, "background is none, which a JPEG can't hold; ask for a PNG or WebP")
    }
    return Recipe(
      pose: pose, form: form, motion: motion.options, style: style, quality: quality)
  }
}
