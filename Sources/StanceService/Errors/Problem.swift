package import Telemetry

/// Why a request was not answered as wished, for its client: RFC 9457.
package struct Problem: Error, Sendable, CustomStringConvertible {
  /// A kind of failure with its stable word.
  package struct Code: Sendable, Hashable {
    /// The word that programs tell failures apart by: "image_too_large".
    package let name: String
    /// The HTTP status.
    package let status: Int
    /// The same for every failure of this kind.
    package let title: String
  }

  /// What kind of failure it is.
  package let code: Code
  /// What was given and what was wanted. Never a path or a stack trace.
  package let detail: String
  /// Fields that go with the answer: `Retry-After`, `Allow`, `WWW-Authenticate`.
  package var headers: [(String, String)] = []

  /// A problem of a kind.
  package init(_ code: Code, _ detail: String, headers: [(String, String)] = []) {
    (self.code, self.detail, self.headers) = (code, detail, headers)
  }

  /// "not_found: nothing at this path".
  package var description: String { "\(code.name): \(detail)" }

  /// The type of ``json`` in HTTP.
  package static let contentType = "application/problem+json"

  /// The problem as an object.
  package var json: JSONValue {
    [
      "type": .text("urn:stance:problem:\(code.name)"), "title": .text(code.title),
      "status": .integer(code.status), "code": .text(code.name), "detail": .text(detail),
    ]
  }
}

extension Problem.Code {
  private init(_ name: String, _ status: Int, _ title: String) {
    (self.name, self.status, self.title) = (name, status, title)
  }

  package static let badParameter = Self("bad_parameter", 400, "A parameter is wrong")
  package static let missingImage = Self("missing_image", 400, "No picture was sent")
  package static let missingVideo = Self("missing_video", 400, "No video was sent")
  package static let missingInput = Self("missing_input", 400, "Nothing to work on was sent")
  package static let malformedRequest = Self("malformed_request", 400, "The request is malformed")
  package static let unauthorized = Self("unauthorized", 401, "A key is needed")
  package static let forbidden = Self("forbidden", 403, "Not from this page")
  package static let notFound = Self("not_found", 404, "There is nothing here")
  package static let methodNotAllowed = Self("method_not_allowed", 405, "Not with this method")
  package static let notAcceptable = Self("not_acceptable", 406, "Not in this form")
  package static let requestTimeout = Self("request_timeout", 408, "The request came too slowly")
  package static let cancelled = Self("cancelled", 409, "The job was cancelled")
  package static let notEnded = Self("not_ended", 409, "The job has not ended")
  package static let notRetryable = Self("not_retryable", 409, "The job can't be run again")
  package static let jobTooLarge = Self("job_too_large", 413, "The job is too large")
  package static let imageTooLarge = Self("image_too_large", 413, "The picture is too large")
  package static let videoTooLarge = Self("video_too_large", 413, "The video is too large")
  package static let unsupportedMedia = Self("unsupported_media", 415, "This format is not read")
  package static let rangeNotSatisfiable = Self(
    "range_not_satisfiable", 416, "The file has no such part")
  package static let misdirected = Self("misdirected_request", 421, "Not for this host")
  package static let keyReused = Self(
    "idempotency_key_reused", 422, "This idempotency key was used for another request")
  package static let unreadableImage = Self("unreadable_image", 422, "The picture can't be read")
  package static let unreadableVideo = Self("unreadable_video", 422, "The video can't be read")
  package static let upgradeRequired = Self("upgrade_required", 426, "This is a WebSocket")
  package static let tooManyJobs = Self("too_many_jobs", 429, "Too many jobs of one owner")
  package static let headTooLarge = Self("head_too_large", 431, "The request's head is too large")
  package static let internalError = Self("internal", 500, "Something went wrong here")
  package static let overloaded = Self("overloaded", 503, "Too much to do at the moment")
  package static let jobsOff = Self("jobs_off", 503, "This service takes no jobs")
  package static let timeout = Self("timeout", 504, "The work took too long")

  /// Every kind, for documentation.
  package static let all: [Self] = [
    badParameter, missingImage, missingVideo, missingInput, malformedRequest, unauthorized,
    forbidden, notFound, methodNotAllowed, notAcceptable, requestTimeout, cancelled, notEnded,
    notRetryable,
    jobTooLarge, imageTooLarge, videoTooLarge, unsupportedMedia, rangeNotSatisfiable, misdirected,
    keyReused, unreadableImage, unreadableVideo, upgradeRequired, tooManyJobs, headTooLarge,
    internalError, overloaded, jobsOff, timeout,
  ]
}
