import PoseFormats
import Stance

/// What is made of a job's items, read of its specification by the same tables as a request.
enum JobRecipe: Sendable {
  /// Of each photo.
  case photos(Recipe)
  /// Of the one video.
  case video(VideoRecipe)

  /// - Throws: `Problem` with `bad_parameter`.
  init(_ specification: JobSpecification) throws(Problem) {
    let plain = ServiceConfiguration()
    if specification.source == .video {
      self = .video(try VideoRecipe(specification.query, accept: nil, plain))
    } else {
      var parameters = AnswerParameters(plain)
      try parameters.read(specification.query)
      self = .photos(try parameters.recipe(as: parameters.form ?? .json))
    }
  }
}
