import CPage
import Checksums

/// The page's files, which the C compiler put into the program. The one place that touches them.
enum PageFiles {
  struct File: Sendable {
    /// As in the page's folder: "index.html".
    let name: String
    /// Its type in HTTP.
    let mediaType: String
    let bytes: [UInt8]
    /// Changes with the content (RFC 9110, section 8.8.3).
    let entityTag: String
  }

  /// All of them.
  static let all: [File] = (0..<stance_page_file_count).map { index in
    // Constant data of the program: it never changes and is never freed.
    let file = stance_page_file_at(index).pointee
    let bytes = Array(UnsafeBufferPointer(start: file.bytes, count: file.count))
    return File(
      name: String(cString: file.name), mediaType: String(cString: file.type), bytes: bytes,
      entityTag: "\"\(SHA256.hexDigest(of: bytes).prefix(16))\"")
  }
}
