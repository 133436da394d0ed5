import CPage
import Testing

/// An embedded file, as these tests read it.
struct PageFile: Sendable, CustomTestStringConvertible {
  let name: String
  let type: String
  let bytes: [UInt8]

  var text: String { String(decoding: bytes, as: UTF8.self) }
  var testDescription: String { name }

  static let all: [PageFile] = (0..<stance_page_file_count).map { place in
    let file = stance_page_file_at(place).pointee
    return PageFile(
      name: String(cString: file.name), type: String(cString: file.type),
      bytes: Array(UnsafeBufferPointer(start: file.bytes, count: file.count)))
  }

  static func text(of name: String) throws -> String {
    try #require(all.first { $0.name == name }, "\(name) is embedded").text
  }
}
