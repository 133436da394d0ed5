@testable import HTTPServer

extension FuzzTarget {
  /// A line with the Content-Type, then the body: it means the same in whatever pieces it comes.
  static let multipart = FuzzTarget(name: "multipart") { input in
    var rest = input[...]
    guard let type = rest.takeLine() else { return }
    let body = Array(rest)
    let whole = parse(type, body, pieceSize: max(body.count, 1))
    for size in [1, 7, 64] {
      precondition(
        parse(type, body, pieceSize: size) == whole, "in pieces of \(size) not \(whole)")
    }
  }

  private enum Outcome: Equatable {
    case notMultipart, malformed
    case form([Part], isComplete: Bool)
  }

  private struct Part: Equatable {
    let name: String
    let filename: String?
    let contentType: String?
    var data: [UInt8] = []
  }

  private static func parse(_ type: String, _ body: [UInt8], pieceSize: Int) -> Outcome {
    guard var parser = MultipartParser(contentType: type) else { return .notMultipart }
    var parts: [Part] = []
    for start in stride(from: 0, to: body.count, by: pieceSize) {
      let piece = Array(body[start..<min(start + pieceSize, body.count)])
      do throws(MultipartError) {
        try parser.feed(piece) { event in
          switch event {
          case .part(let head):
            parts.append(
              Part(name: head.name, filename: head.filename, contentType: head.contentType))
          case .data(let bytes): parts[parts.count - 1].data += bytes
          }
        }
      } catch { return .malformed }
    }
    return .form(parts, isComplete: parser.isComplete)
  }
}
