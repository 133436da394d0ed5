import Files
import Glibc

extension CommandLine {
  /// The words after the program's own name, as paths: also those that are no UTF-8.
  package static var words: [String] {
    (0..<Int(argc)).dropFirst().compactMap { index in unsafeArgv[index].map { String(path: $0) } }
  }

  /// Overwrites users, passwords and queries of addresses where other users of the machine can read them (`ps`): in this
  /// process's own arguments. What ``words`` gave before stays.
  package static func hideSecrets() {
    for index in 1..<max(1, Int(argc)) {
      guard let word = unsafeArgv[index] else { continue }
      let bytes = UnsafeMutableBufferPointer(start: word, count: strlen(word))
      for place in secrets(in: bytes.map { UInt8(bitPattern: $0) }) {
        bytes[place] = CChar(bitPattern: UInt8(ascii: "*"))
      }
    }
  }

  /// Where in a word an address has what must not be seen. A user is taken to end at the last @, since a password may hold
  /// all that would end it earlier.
  static func secrets(in word: [UInt8]) -> [Int] {
    let mark = Array("://".utf8)
    guard let start = word.indices.first(where: { word[$0...].starts(with: mark) }) else {
      return []
    }
    let rest = (start + mark.count)..<word.count
    let at = rest.last { word[$0] == UInt8(ascii: "@") } ?? rest.lowerBound
    let query = rest.first { word[$0] == UInt8(ascii: "?") } ?? rest.upperBound
    return rest.filter { $0 < at || $0 > query }.filter { word[$0] != UInt8(ascii: "@") }
  }
}
