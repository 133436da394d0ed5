import Files
import HTTPServer
import Images
import Inference
import Options
import PoseFormats
import PoseRendering
import Stance
import StanceJobs
import Video

// The one place where failures of the modules below become HTTP.

extension Problem {
  /// What a client is told of any error.
  init(describing error: any Error) {
    switch error {
    case let error as Problem: self = error
    case let error as ImageError: self = Self.problem(error)
    case let error as VideoError: self = Self.problem(error)
    case let error as FileError where error.isShortage:
      self = .overloaded("there is no room on the disk: \(error.message)", retryAfter: 10)
    case let error as PoseError: self = Self.problem(error)
    case let error as InferenceError: self = Self.problem(error)
    case let error as RequestBodyError: self = Self.problem(error)
    case let error as MultipartError: self = Self.problem(error)
    case let error as JobStoreError: self.init(error)
    case let error as JobFilesError: self.init(error)
    case let error as UsageError: self.init(.badParameter, error.description)
    default: self.init(.internalError, "the log of the service says more")
    }
  }

  private static func problem(_ error: ImageError) -> Problem {
    switch error.code {
    case .unsupportedFormat, .missingTool: Problem(.unsupportedMedia, error.message)
    case .tooLarge: Problem(.imageTooLarge, error.message)
    case .empty, .notAnImage, .truncated, .corrupt, .invalidDimensions:
      Problem(.unreadableImage, error.message)
    case .noResources: .overloaded(error.message, retryAfter: 1)
    case .timedOut: Problem(.timeout, error.message)
    case .encodingFailed: Problem(.notAcceptable, error.message)
    default: Problem(.internalError, "the log of the service says more")
    }
  }

  private static func problem(_ error: VideoError) -> Problem {
    switch error.code {
    case .unsupported, .missingTool: Problem(.unsupportedMedia, error.message)
    case .tooLarge: Problem(.videoTooLarge, error.message)
    case .empty, .notAVideo, .noVideo, .damaged: Problem(.unreadableVideo, error.message)
    case .noResources: .overloaded(error.message, retryAfter: 10)
    case .timedOut: Problem(.timeout, error.message)
    default: Problem(.internalError, "the log of the service says more")
    }
  }

  private static func problem(_ error: PoseError) -> Problem {
    switch error.code {
    case .badOption, .badTime: Problem(.badParameter, error.message)
    case .overloaded: .overloaded(error.message, retryAfter: 1)
    case .tooLong: Problem(.videoTooLarge, error.message)
    default: Problem(.internalError, "the log of the service says more")
    }
  }

  private static func problem(_ error: InferenceError) -> Problem {
    // The message names folders of this machine, so the client gets another.
    switch error.code {
    case .missingModel, .damagedModel:
      Problem(.badParameter, "the model of this complexity is not installed here")
    default: Problem(.internalError, "the log of the service says more")
    }
  }

  private static func problem(_ error: RequestBodyError) -> Problem {
    switch error {
    case .tooLarge: Problem(.imageTooLarge, "the body has more bytes than are taken")
    case .timedOut: Problem(.requestTimeout, "the body did not come in time")
    case .malformed: Problem(.malformedRequest, "the body is not as HTTP wants it")
    }
  }

  private static func problem(_ error: MultipartError) -> Problem {
    switch error {
    case .tooLarge: Problem(.imageTooLarge, "the form has more bytes than are taken")
    case .tooManyParts: Problem(.imageTooLarge, "the form has more parts than are taken")
    case .noBoundary:
      Problem(
        .malformedRequest,
        "Content-Type is multipart/form-data without the boundary that parts the form: leave that field to the HTTP "
          + "library, which adds it, and don't set it by hand")
    case .incomplete:
      Problem(
        .malformedRequest,
        "the form ends before its last boundary: it was cut off, or Content-Type names another boundary than the body "
          + "has")
    case .notMultipart, .malformed:
      Problem(.malformedRequest, "the form is not multipart/form-data as RFC 7578 wants it")
    }
  }

  /// What is no request, by the status that the server gives it.
  init(refusing status: Int) {
    switch status {
    case Code.requestTimeout.status:
      self.init(.requestTimeout, "the request's head did not come in time")
    case Code.headTooLarge.status:
      self.init(.headTooLarge, "the request's line and fields have more bytes than are taken")
    default:
      self.init(.malformedRequest, "the head is not as HTTP/1.1 wants it, or means two requests")
    }
  }

  /// Too much to do; to be tried again after so many seconds.
  static func overloaded(_ detail: String, retryAfter seconds: Int) -> Problem {
    Problem(.overloaded, detail, headers: [("Retry-After", "\(seconds)")])
  }
}
