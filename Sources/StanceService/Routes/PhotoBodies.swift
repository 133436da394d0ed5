import HTTPServer
import Options

/// Reads the photos of a request, within bounds.
struct PhotoBodies: Sendable {
  /// Parts of a form that are taken at most, pictures or not.
  static let maxParts = 64

  let maxBody: Int
  let budget: BodyBudget

  /// What a request's body holds.
  enum Content: Sendable {
    /// A photo, which may be no such thing.
    case raw([UInt8])
    /// A photo that curl's --data-binary calls a form, or such a form, in which there is none.
    case urlEncoded([UInt8])
    case form(PhotoForm)
  }

  /// - Throws: `Problem`: of another type, too large, malformed, too slow; a field too long.
  func content(
    of request: HTTPRequest, wantsFields: Bool = true, _ reservation: BodyBudget.Reservation
  ) async throws -> Content {
    if let length = request.body.length, length > maxBody {
      throw Problem(.imageTooLarge, "the body has \(length) bytes; at most \(maxBody) are taken")
    }
    if request.isForm { return try await form(request, wantsFields, reservation) }
    let type = request.mediaType
    switch type {
    case "application/x-www-form-urlencoded":
      return .urlEncoded(try await raw(request, reservation))
    // The content decides, so what kind of picture it claims to be makes no difference.
    case "", "application/octet-stream",
      _ where type.hasPrefix("image/"):
      return .raw(try await raw(request, reservation))
    default:
      let isJSON = type == "application/json" || type.hasSuffix("+json")
      throw Problem(
        .unsupportedMedia,
        "Content-Type is \(type); wanted is the picture itself as image/* or application/octet-stream, or "
          + "multipart/form-data"
          + (isJSON ? "; base64 and data URLs are not read: \(WrappedPicture.advice)" : ""))
    }
  }

  /// - Throws: `Problem` when the body is said to be compressed, or coded in another way. Pictures are compressed
  ///   already, and what unpacks without end is a way to fill memory.
  static func checkEncoding(of request: HTTPRequest) throws(Problem) {
    let encodings = request.headers.fields.filter { $0.name.lowercased() == "content-encoding" }
      .flatMap { $0.value.lowercased().split { $0 == "," || $0 == " " || $0 == "\t" } }
    guard let encoding = encodings.first(where: { $0 != "identity" }) else { return }
    throw Problem(
      .unsupportedMedia,
      "Content-Encoding is \(encoding.prefix(40)); the body is taken only as it is: send it uncompressed and leave "
        + "that field out",
      headers: [("Accept-Encoding", "identity")])
  }

  private func raw(
    _ request: HTTPRequest, _ reservation: BodyBudget.Reservation
  ) async throws -> [UInt8] {
    // Only bytes that have come count, so that slow callers can't reserve what others need.
    var bytes: [UInt8] = []
    bytes.reserveCapacity(min(request.body.length ?? 0, 1 << 20))
    for try await chunk in request.body {
      guard bytes.count + chunk.count <= maxBody else {
        throw Problem(.imageTooLarge, "the body has more than \(maxBody) bytes, the most taken")
      }
      try reservation.take(chunk.count)
      bytes += chunk
    }
    return bytes
  }

  private func form(
    _ request: HTTPRequest, _ wantsFields: Bool, _ reservation: BodyBudget.Reservation
  ) async throws -> Content {
    var reader = try MultipartReader(request, limit: maxBody)
    var parts: [(head: MultipartPartHead, bytes: [UInt8])] = []
    while let event = try await reader.nextEvent() {
      switch event {
      case .part(let head):
        guard parts.count < Self.maxParts else { throw MultipartError.tooManyParts }
        parts.append((head, []))
      case .data(let bytes):
        guard let last = parts.indices.last else { continue }
        let head = parts[last].head
        guard head.isPhoto || (wantsFields && head.isParameter) else { continue }
        try reservation.take(bytes.count)
        parts[last].bytes += bytes
        guard head.isPhoto || parts[last].bytes.count <= ParameterTable.maxValue else {
          throw ParameterTable.tooLong(head.name)
        }
      }
    }
    // A browser sends a part without name and content for a file that nobody chose.
    let choices = parts.filter(\.head.isPhoto)
    let photos = choices.filter { head, bytes in head.filename?.isEmpty == false || !bytes.isEmpty }
    let others = parts.filter { !$0.head.isPhoto }
    return .form(
      PhotoForm(
        photos: photos.map(\.bytes),
        fields: others.map { ($0.head.name, String(decoding: $0.bytes, as: UTF8.self)) },
        strayFiles: others.filter { $0.head.filename != nil }.map(\.head.name),
        hasEmptyChoice: choices.count > photos.count))
  }
}

extension HTTPRequest {
  /// Whether the body is said to have fields, and photos among them.
  var isForm: Bool { mediaType == "multipart/form-data" }

  /// The type that the body is said to have, in small letters, without parameters; empty when nothing is said.
  var mediaType: String {
    headers["Content-Type"]?.prefix { $0 != ";" && $0 != " " }.lowercased() ?? ""
  }
}

extension MultipartPartHead {
  fileprivate var isPhoto: Bool { name == PhotoForm.photoField }

  /// Of others the value makes no difference: their names are refused.
  fileprivate var isParameter: Bool {
    filename == nil && AnswerParameters.rows.contains { $0.key == name }
  }
}
