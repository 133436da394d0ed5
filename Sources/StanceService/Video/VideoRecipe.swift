import HTTPServer
import PoseMotion
import PoseRendering
import PoseVideo
import Stance

/// All that the answer to a video depends on, but for the video.
struct VideoRecipe: Sendable {
  let form: VideoForm
  /// What is looked for; masks are among it when the form shows them.
  let pose: PoseOptions
  /// How people are followed has as many passes as are made.
  let clip: ClipOptions
  /// What is measured and counted.
  let motion: MotionOptions
  let style: DrawingStyle

  /// What is wanted, by query, form and `Accept`.
  ///
  /// - Parameter fields: of a form, which count like the query's.
  /// - Throws: `Problem` with `bad_parameter` or `not_acceptable`.
  init(
    of request: HTTPRequest, fields: [(name: String, value: String)] = [],
    _ configuration: ServiceConfiguration
  ) throws(Problem) {
    try self.init(request.query + fields, accept: request.headers["Accept"], configuration)
  }

  /// What is wanted, by parameters and, where they leave it open, `Accept`.
  ///
  /// - Throws: `Problem` with `bad_parameter` or `not_acceptable`.
  init(
    _ query: [(name: String, value: String)], accept: String?,
    _ configuration: ServiceConfiguration
  ) throws(Problem) {
    var parameters = VideoParameters(configuration)
    try parameters.read(query)
    form = try VideoForm.chosen(parameters.output, accept: accept)
    (clip, motion, style) = (parameters.clip, parameters.motion.options, parameters.style)
    let products = form.products(parameters)
    switch products.conflict(passes: clip.tracking.passes) {
    case .masksOfTwoPasses:
      throw Problem(
        .badParameter,
        "two passes (passes=2, smoothing=zero-lag) keep no masks; output=mask, maskColor and background need one pass"
      )
    case .transparency:
      throw Problem(
        .badParameter,
        "background is none, and an MP4 holds no transparency; name a colour or blur, or ask for output=mask"
      )
    case nil: break
    }
    pose = products.pose(parameters.pose)
  }
}
