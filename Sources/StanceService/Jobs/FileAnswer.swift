import Files
import HTTPServer

/// A file as an answer: the whole of it, a part, or nothing new.
struct FileAnswer: Sendable {
  let file: OpenFile
  let bytes: Int
  /// SHA-256, hexadecimal.
  let checksum: String
  let mediaType: String
  /// What a browser calls it when it keeps it: letters, digits, "-" and ".".
  let name: String

  private static let pieceSize = 256 << 10

  /// - Throws: `Problem` with `range_not_satisfiable`.
  func response(
    to request: HTTPRequest, reading calls: JobCalls
  ) throws(Problem) -> HTTPResponse {
    let entityTag = "\"\(checksum)\""
    var headers: HTTPHeaders = [
      "ETag": entityTag, "Accept-Ranges": "bytes", "Cache-Control": "private, no-cache",
    ]
    if request.headers.hasVersion(entityTag) { return HTTPResponse(status: 304, headers: headers) }
    headers.add("Content-Type", mediaType)
    headers.add("Content-Disposition", "attachment; filename=\"\(name)\"")
    // RFC 9110 defines ranges for GET alone.
    let range =
      request.method == "GET"
      ? ByteRange(request.headers, size: bytes, entityTag: entityTag) : .whole
    switch range {
    case .whole:
      return HTTPResponse(headers: headers, content: content(0..<bytes, calls))
    case .part(let part):
      headers.add("Content-Range", "bytes \(part.lowerBound)-\(part.upperBound - 1)/\(bytes)")
      return HTTPResponse(status: 206, headers: headers, content: content(part, calls))
    case .unsatisfiable:
      throw Problem(
        .rangeNotSatisfiable, "Range asks for what is not there; the file has \(bytes) bytes",
        headers: [("Content-Range", "bytes */\(bytes)")])
    }
  }

  private func content(_ part: Range<Int>, _ calls: JobCalls) -> HTTPResponse.Content {
    .stream(length: part.count) { writer in
      var offset = part.lowerBound
      while offset < part.upperBound {
        let (start, count) = (offset, min(Self.pieceSize, part.upperBound - offset))
        let piece = try await calls { [file] in try file.bytes(at: start, count: count) }
        // Thrown, it cuts the connection: the client has not got what was promised.
        guard !piece.isEmpty else {
          throw Problem(.internalError, "a result is shorter than it was when it was made")
        }
        try await writer.write(piece)
        offset += piece.count
      }
    }
  }
}
