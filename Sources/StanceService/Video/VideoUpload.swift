import HTTPServer
import Options

/// Takes a video in, as a request's body or in its form, into a file.
struct VideoUpload: Sendable {
  /// The field of a form that the video goes into.
  static let field = "video"
  /// Parts of a form that are taken at most.
  private static let maxParts = 64
  /// What a form may have beside the video.
  private static let formBytes = 1 << 20
  /// Types that a video may be sent with; its content decides what it is.
  private static let otherTypes: Set = [
    "", "application/octet-stream", "image/gif", "application/x-www-form-urlencoded",
  ]

  let maxBytes: Int
  let folder: WorkFolder

  /// What came.
  struct Content: Sendable {
    let video: WorkFolder.File
    /// As the client calls it, if it does.
    let name: String?
    /// The form's fields.
    var fields: [(name: String, value: String)] = []
  }

  /// - Throws: `Problem` for what can be refused by the head alone.
  func checkHead(of request: HTTPRequest) throws(Problem) {
    try PhotoBodies.checkEncoding(of: request)
    let type = request.mediaType
    guard request.isForm || type.hasPrefix("video/") || Self.otherTypes.contains(type) else {
      throw Problem(
        .unsupportedMedia,
        "Content-Type is \(type.prefix(80)); wanted is the video itself as video/*, application/octet-stream or image/gif, "
          + "or multipart/form-data")
    }
    let limit = request.isForm ? maxBytes + Self.formBytes : maxBytes
    if let length = request.body.length, length > limit {
      throw Problem(
        .videoTooLarge, "the body has \(length) bytes; a video may have \(maxBytes)")
    }
  }

  /// Reads all of it.
  ///
  /// - Parameters:
  ///   - check: judges a form's fields that came so far, when the video begins.
  ///   - goOn: throws when the upload shall end.
  /// - Throws: `Problem`, `RequestBodyError`, `ClientGone`.
  func content(
    of request: HTTPRequest, check: ([(name: String, value: String)]) throws -> Void,
    goOn: () throws -> Void
  ) async throws -> Content {
    let work = WorkQueue()
    let file = try await work.run { [folder] in try folder.makeFile() }
    func append(_ bytes: [UInt8]) async throws {
      guard bytes.count <= maxBytes - file.byteCount else {
        throw Problem(
          .videoTooLarge, "the video has more than \(maxBytes) bytes, the most that one may have")
      }
      try await work.run { try file.append(bytes) }
      try goOn()
    }
    guard request.isForm else {
      for try await bytes in request.body { try await append(bytes) }
      return Content(video: file, name: nil)
    }
    do {
      return try await form(request, into: file, append, check)
    } catch MultipartError.tooLarge {
      throw Problem(
        .videoTooLarge,
        "the form has more bytes than a video of \(maxBytes) and its parameters may have")
    }
  }

  private func form(
    _ request: HTTPRequest, into file: WorkFolder.File,
    _ append: ([UInt8]) async throws -> Void,
    _ check: ([(name: String, value: String)]) throws -> Void
  ) async throws -> Content {
    var reader = try MultipartReader(request, limit: maxBytes + Self.formBytes)
    var video: MultipartPartHead?
    var fields: [(name: String, value: [UInt8])] = []
    var values: [(name: String, value: String)] {
      fields.map { ($0.name, String(decoding: $0.value, as: UTF8.self)) }
    }
    var isInVideo = false
    while let event = try await reader.nextEvent() {
      switch event {
      case .part(let head):
        isInVideo = head.name == Self.field
        if isInVideo {
          guard video == nil else {
            throw Problem(.badParameter, "the form has more than one \(Self.field); send one")
          }
          video = head
          try check(values)
        } else {
          guard head.filename == nil else {
            throw Problem(
              .badParameter,
              "the form has a file in \"\(head.name.prefix(40))\"; the video goes into a field named \"\(Self.field)\""
            )
          }
          guard fields.count < Self.maxParts else { throw MultipartError.tooManyParts }
          fields.append((head.name, []))
        }
      case .data(let bytes):
        if isInVideo {
          try await append(bytes)
        } else if let last = fields.indices.last {
          fields[last].value += bytes
          guard fields[last].value.count <= ParameterTable.maxValue else {
            throw ParameterTable.tooLong(String(fields[last].name.prefix(40)))
          }
        }
      }
    }
    // A browser sends a part without name and content for a file that nobody chose.
    guard let video, video.filename?.isEmpty == false || file.byteCount > 0 else {
      throw Problem(
        .missingVideo,
        "the form has no file in a field named \"\(Self.field)\"; send it as curl -F \(Self.field)=@clip.mp4 does"
      )
    }
    return Content(video: file, name: video.filename, fields: values)
  }
}
