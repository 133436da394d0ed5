import HTTPServer
import Images
import PoseFormats
import PoseRendering
import Stance
import Telemetry

/// `POST /v1/pose`: people in one photo or several.
struct PoseRoute: Sendable {
  let configuration: ServiceConfiguration
  let answers: PoseAnswers
  let bodies: PhotoBodies

  static let path = "/v1/pose"

  var route: Route {
    Route(
      method: "POST", path: Self.path, summary: "Finds the people in a photo, or in several",
      isOpen: false, description: OpenAPI.poseOperation(), respond: { try await respond(to: $0) })
  }

  private func respond(to request: HTTPRequest) async throws -> HTTPResponse {
    try PhotoBodies.checkEncoding(of: request)
    // What a form's fields may yet change is judged with them.
    if !request.isForm { _ = try recipe(of: request) }
    try answers.checkRoom()
    return try await bodies.budget.withReservation { reservation in
      let content = try await bodies.content(of: request, reservation)
      let deadline = answers.newDeadline()
      switch content {
      case .raw(let photo), .urlEncoded(let photo):
        return try await respond(to: [photo], recipe(of: request), by: deadline)
      case .form(let form):
        try form.checkPhotos()
        return try await respond(
          to: form.photos, recipe(of: request, fields: form.fields), by: deadline)
      }
    }
  }

  private func recipe(
    of request: HTTPRequest, fields: [(name: String, value: String)] = []
  ) throws(Problem) -> Recipe {
    try PoseRequest.recipe(
      of: request, fields: fields, configuration, answers,
      forms: [.json, .picture(.jpeg), .picture(.png), .picture(.webp), .text(.csv)])
  }

  private func respond(
    to photos: [[UInt8]], _ recipe: Recipe, by deadline: Deadline
  ) async throws -> HTTPResponse {
    if photos.count == 1 {
      try WrappedPicture.check(photos[0])
      return HTTPResponse(try await answers.answer(to: photos[0], recipe, by: deadline))
    }
    guard recipe.form == .json else {
      throw Problem(
        .notAcceptable, "\(photos.count) pictures are answered as application/json only")
    }
    // One an engine: one more would wait, and past the queue's deadline refuse the whole form.
    let elements = try await photos.concurrentMap(atMost: answers.engineCount) {
      try await element(for: $0, recipe, by: deadline)
    }
    let json = elements.map(\.json).joined(separator: ",".utf8)
    return HTTPResponse(
      headers: [
        "Content-Type": "application/json", "Cache-Control": "no-store",
        "Stance-Model": recipe.pose.complexity.name,
        "Stance-Search": recipe.pose.search.rawValue,
        "Stance-People": "\(elements.reduce(0) { $0 + $1.people })",
      ],
      content: .bytes(Array("[".utf8) + json + Array("]".utf8)))
  }

  /// One photo's place in the answer to several: a result, or why it can't be read.
  private func element(
    for photo: [UInt8], _ recipe: Recipe, by deadline: Deadline
  ) async throws -> (json: [UInt8], people: Int) {
    func failed(_ problem: Problem) -> (json: [UInt8], people: Int) {
      let failure: JSONValue = ["error": problem.json]
      return (Array(failure.description.utf8), 0)
    }
    do throws(Problem) { try WrappedPicture.check(photo) } catch { return failed(error) }
    do {
      let answer = try await answers.answer(to: photo, recipe, by: deadline).answer
      return (answer.bytes, answer.peopleCount)
    } catch let error as ImageError {
      return failed(Problem(describing: error))
    }
  }
}

/// What the pose routes read of a request beside its photos.
enum PoseRequest {
  /// What is wanted, by query, form and `Accept`.
  ///
  /// - Parameters:
  ///   - fields: of a form, which count like the query's.
  ///   - forms: those that the route offers, its own choice first.
  /// - Throws: `Problem` with `bad_parameter` or `not_acceptable`.
  static func recipe(
    of request: HTTPRequest, fields: [(name: String, value: String)] = [],
    _ configuration: ServiceConfiguration, _ answers: PoseAnswers,
    forms: [AnswerForm]
  ) throws(Problem) -> Recipe {
    var parameters = AnswerParameters(configuration)
    let given = request.query + fields
    try parameters.read(given)
    // What the request names holds at any load; the other is as the load has it.
    if let effort = answers.adaptedEffort() {
      let named = Set(given.map(\.name))
      if !named.contains("complexity") { parameters.pose.complexity = effort.complexity }
      if !named.contains("search") { parameters.pose.search = effort.search }
    }
    let isTransparent = parameters.style.background == .transparent
    // Who takes any picture gets one that can hold what is wanted.
    let offered =
      isTransparent
      ? forms.filter { !$0.isDrawn || $0.holdsTransparency }
        + forms.filter { $0.isDrawn && !$0.holdsTransparency } : forms
    guard
      let form = parameters.form ?? Acceptance(request.headers["Accept"]).best(of: offered)
    else {
      let types = forms.map { $0.mediaType.prefix { $0 != ";" } }.joined(separator: ", ")
      throw Problem(
        .notAcceptable, "Accept is \"\(request.headers["Accept"] ?? "")\"; offered are \(types)")
    }
    return try parameters.recipe(as: form)
  }
}
