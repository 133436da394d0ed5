import HTTPServer
import Images
import Telemetry

/// `POST /pose` and `POST /`: as the well-known MediaPipe and Flask tutorial answers, so that its users can switch.
struct TutorialRoute: Sendable {
  let configuration: ServiceConfiguration
  let answers: PoseAnswers
  let bodies: PhotoBodies

  static let paths = ["/pose", "/"]

  /// The tutorial's own words, which its users' programs may look for.
  private static let noFile: JSONValue = ["error": "未上传文件"]
  private static let nobody: JSONValue = ["message": "未检测到人体"]

  var routes: [Route] {
    Self.paths.map { path in
      Route(
        method: "POST", path: path,
        summary: "Answers a form as the MediaPipe and Flask tutorial does",
        isOpen: false,
        description: OpenAPI.tutorialOperation(
          path, defaults, unlike: AnswerParameters(configuration)),
        failure: { problem in
          var response = HTTPResponse.json(
            ["error": .text(problem.detail)], status: problem.code.status)
          for (name, value) in problem.headers { response.headers.add(name, value) }
          return response
        },
        respond: { try await respond(to: $0) })
    }
  }

  /// What a request leaves out.
  var defaults: AnswerParameters { AnswerParameters(likeTutorial) }

  /// As configured, but for how people are drawn.
  private var likeTutorial: ServiceConfiguration {
    var configuration = configuration
    configuration.style = configuration.tutorialStyle
    return configuration
  }

  private func respond(to request: HTTPRequest) async throws -> HTTPResponse {
    try PhotoBodies.checkEncoding(of: request)
    let recipe = try PoseRequest.recipe(
      of: request, likeTutorial, answers,
      forms: [.tutorial, .json, .picture(.jpeg), .picture(.png), .picture(.webp)])
    try answers.checkRoom()
    return try await bodies.budget.withReservation { reservation in
      guard let photo = try await photo(of: request, reservation) else {
        return .json(Self.noFile, status: 400)
      }
      try WrappedPicture.check(photo)
      let outcome = try await answers.answer(to: photo, recipe, by: answers.newDeadline())
      guard outcome.answer.peopleCount > 0 else { return .json(Self.nobody, status: 400) }
      var response = HTTPResponse(outcome)
      // The tutorial's own style attribute must work, and nothing else.
      response.headers["Content-Security-Policy"] =
        "default-src 'none'; img-src data:; style-src 'unsafe-inline'; frame-ancestors 'none'"
      return response
    }
  }

  /// The first photo. nil: there is none, which Flask says also of a body that is neither a form nor a photo.
  private func photo(
    of request: HTTPRequest, _ reservation: BodyBudget.Reservation
  ) async throws -> [UInt8]? {
    do {
      switch try await bodies.content(of: request, wantsFields: false, reservation) {
      case .raw(let bytes): return bytes.isEmpty ? nil : bytes
      // Such a form is text.
      case .urlEncoded(let bytes):
        let isText = ImageFormat(of: bytes) == nil && bytes.allSatisfy { $0 < 0x80 }
        return isText ? nil : bytes
      // As Flask does, other fields are ignored.
      case .form(let form): return form.photos.first
      }
    } catch let problem as Problem where problem.code == .unsupportedMedia {
      return nil
    }
  }
}
