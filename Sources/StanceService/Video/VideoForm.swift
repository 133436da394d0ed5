import HTTPServer
import Options
import PoseFormats
import PoseVideo

/// A form that `output` names, for callers who can't set `Accept`.
enum VideoOutput: String, Sendable, CaseIterable, OptionValue {
  case jsonl, mp4, mask, csv
  case csvWide = "csv-wide"
  case coco
  case cocoResults = "coco-results"
}

/// A form in which a video is answered: its type in HTTP, what it needs, and what makes it.
struct VideoForm: Sendable, MediaForm {
  let output: VideoOutput
  let mediaType: String
  /// What is made of the frames, in a style.
  let products: @Sendable (VideoParameters) -> ClipProducts
  /// Whether `Accept` can name it, and not `output` alone.
  private let isOffered: Bool
  let makeAnswer: @Sendable (VideoRecipe, @escaping VideoTaker) -> any VideoAnswer

  /// Every form, the service's own choice first. `output` takes the first of its name.
  private static let all = [
    VideoForm(.jsonl, "application/jsonl") { JSONLinesAnswer($0.motion, $1) },
    VideoForm(.jsonl, "application/x-ndjson") { JSONLinesAnswer($0.motion, $1) },
    VideoForm(.mp4, "video/mp4", products: { ClipProducts(drawing: $0.style) }) {
      MP4Answer(drawing: $0, $1)
    },
    VideoForm(
      .mask, "video/mp4", isOffered: false, products: { _ in ClipProducts(masks: true) }
    ) { MP4Answer(masksTo: $1) },
    VideoForm(.csv, .csv), VideoForm(.csvWide, .wideCSV, isOffered: false),
    VideoForm(.coco, .coco, isOffered: false),
    VideoForm(.cocoResults, .cocoResults, isOffered: false),
  ]

  private init(
    _ output: VideoOutput, _ mediaType: String, isOffered: Bool = true,
    products: @escaping @Sendable (VideoParameters) -> ClipProducts = { _ in ClipProducts() },
    makeAnswer: @escaping @Sendable (VideoRecipe, @escaping VideoTaker) -> any VideoAnswer
  ) {
    (self.output, self.mediaType, self.isOffered) = (output, mediaType, isOffered)
    (self.products, self.makeAnswer) = (products, makeAnswer)
  }

  /// A format that is written as results come.
  private init(_ output: VideoOutput, _ format: PoseFormat, isOffered: Bool = true) {
    self.init(output, format.mediaType, isOffered: isOffered) { FormatAnswer(format, $1) }
  }

  /// Whether it is made of lines.
  var isText: Bool { output != .mp4 && output != .mask }

  /// The types in HTTP, each once.
  static var mediaTypes: [String] {
    var types: [String] = []
    for form in all where !types.contains(form.mediaType) { types.append(form.mediaType) }
    return types
  }

  /// - Parameter output: what the parameter says; nil: `Accept` decides.
  /// - Throws: `Problem` with `not_acceptable`.
  static func chosen(_ output: VideoOutput?, accept: String?) throws(Problem) -> VideoForm {
    let form =
      if let output { all.first { $0.output == output } } else {
        Acceptance(accept).best(of: all.filter(\.isOffered))
      }
    guard let form else {
      throw Problem(
        .notAcceptable,
        "Accept is \"\(accept ?? "")\"; offered are \(mediaTypes.joined(separator: ", "))")
    }
    return form
  }
}
