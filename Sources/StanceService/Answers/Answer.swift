import Images
import PoseFormats
import PoseMotion
import PoseRendering
import Stance

/// The form that an answer has.
enum AnswerForm: Sendable, Hashable {
  /// The result as JSON.
  case json
  /// The result for another program, in one file of text.
  case text(PoseFormat)
  /// The annotated picture.
  case picture(ImageFormat)
  /// All people's mask as a grey PNG, or that of one person, counted from 0 in the result's order.
  case mask(person: Int?)
  /// The well-known tutorial's HTML with the annotated picture inside.
  case tutorial

  /// The type in HTTP.
  var mediaType: String {
    switch self {
    case .json: "application/json"
    case .text(let format): format.mediaType
    case .picture(let format): "image/\(format.rawValue)"
    case .mask: "image/png"
    case .tutorial: "text/html; charset=utf-8"
    }
  }

  /// Whether it is a picture that can be transparent.
  var holdsTransparency: Bool {
    if case .picture(let format) = self {
      ImageEncoder.transparentFormats.contains(format)
    } else {
      false
    }
  }

  /// Whether it takes next to no time to write.
  var isText: Bool {
    switch self {
    case .json, .text: true
    case .picture, .mask, .tutorial: false
    }
  }

  /// Whether the photo's pixels are needed to draw on.
  var isDrawn: Bool {
    switch self {
    case .picture, .tutorial: true
    case .json, .text, .mask: false
    }
  }
}

/// All that an answer depends on, but for the photo.
struct Recipe: Sendable, Hashable {
  /// What is looked for; masks are among it when the form shows them.
  let pose: PoseOptions
  let form: AnswerForm
  /// The angles that are told or drawn.
  let motion: MotionOptions
  /// nil where nothing is drawn, so that it can make no difference there.
  let style: DrawingStyle?
  let quality: Int?

  init(
    pose: PoseOptions, form: AnswerForm, motion: MotionOptions, style: DrawingStyle, quality: Int
  ) {
    var pose = pose
    if case .mask = form { pose.segmentation = true }
    if form.isDrawn, style.needsMasks { pose.segmentation = true }
    (self.pose, self.form) = (pose, form)
    self.motion = form == .json || form.isDrawn ? motion : MotionOptions()
    self.style = form.isDrawn ? style : nil
    self.quality = form.isDrawn ? quality : nil
  }
}

/// What came of one photo.
struct Answer: Sendable {
  let bytes: [UInt8]
  let form: AnswerForm
  let complexity: Complexity
  let search: SearchMode
  let peopleCount: Int
  /// That of the computation, also when the answer comes from memory.
  let timing: PoseTiming
}
