import HTTPServer
import Images

/// Reads the photos of a request, within bounds.
struct PhotoBodies: Sendable {
  /// Parts of a form that are taken at most, pictures or not.
  static let maxParts = 64

  let maxBody: Int
  let budget: BodyBudget

  /// The photos of a request, in order.
  enum Photos: Sendable {
    /// The body itself.
    case raw([UInt8])
    /// The parts of a form that are named `image`, without those where no file was chosen.
    case form([[UInt8]])
  }

  /// - Throws: `Problem`: of another type, too large, malformed, too slow.
  func photos(
    of request: HTTPRequest, _ reservation: BodyBudget.Reservation
  ) async throws -> Photos {
    if let length = request.body.length, length > maxBody {
      throw Problem(.imageTooLarge, "the body has \(length) bytes; at most \(maxBody) are taken")
    }
    let type = request.headers["Content-Type"]?.prefix { $0 != ";" && $0 != " " }.lowercased() ?? ""
    switch type {
    case "multipart/form-data": return .form(try await form(request, reservation))
    case "application/x-www-form-urlencoded":
      // What curl's --data-binary says of everything.
      let bytes = try await raw(request, reservation)
      guard ImageFormat(of: bytes) != nil else { throw Self.unsupported(type) }
      return .raw(bytes)
    // The content decides, so what kind of picture it claims to be makes no difference.
    case "", "application/octet-stream",
      _ where type.hasPrefix("image/"):
      return .raw(try await raw(request, reservation))
    default: throw Self.unsupported(type)
    }
  }

  private static func unsupported(_ type: String) -> Problem {
    Problem(
      .unsupportedMedia,
      "Content-Type is \(type); wanted is the picture itself as image/* or application/octet-stream, or "
        + "multipart/form-data")
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
    _ request: HTTPRequest, _ reservation: BodyBudget.Reservation
  ) async throws -> [[UInt8]] {
    var reader = try MultipartReader(request, limit: maxBody)
    var images: [(isChosen: Bool, bytes: [UInt8])] = []
    var parts = 0
    var isImage = false
    while let event = try await reader.nextEvent() {
      switch event {
      case .part(let head):
        parts += 1
        guard parts <= Self.maxParts else { throw MultipartError.tooManyParts }
        isImage = head.name == "image"
        // A browser sends a part without name and content for a file that nobody chose.
        if isImage { images.append((head.filename?.isEmpty == false, [])) }
      case .data(let bytes):
        guard isImage, !images.isEmpty else { continue }
        try reservation.take(bytes.count)
        images[images.count - 1].bytes += bytes
      }
    }
    return images.filter { $0.isChosen || !$0.bytes.isEmpty }.map(\.bytes)
  }
}
