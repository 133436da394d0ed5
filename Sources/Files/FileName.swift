import CProcesses

/// Names of strangers' files, for people.
package enum FileName {
  /// Most bytes that a name has which is shown.
  private static let longest = 1024

  /// The text of a name in UTF-8, or in GB18030 as Chinese Windows writes it; control characters become U+FFFD.
  ///
  /// - Returns: nil when it is neither, empty, or longer than 1024 bytes.
  package static func text(of bytes: some Collection<UInt8>) -> String? {
    guard !bytes.isEmpty, bytes.count <= longest else { return nil }
    return (String(validating: bytes, as: UTF8.self) ?? fromGB18030(Array(bytes)))?.withoutControls
  }

  /// Whether a path with "/" between its parts is of the files that macOS leaves beside others': "__MACOSX/…",
  /// ".DS_Store" and "._…".
  package static func isClutter(_ path: some Collection<UInt8>) -> Bool {
    let parts = path.split(separator: UInt8(ascii: "/"))
    guard let last = parts.last else { return false }
    return last.elementsEqual(".DS_Store".utf8) || last.starts(with: "._".utf8)
      || parts.contains { $0.elementsEqual("__MACOSX".utf8) }
  }

  private static func fromGB18030(_ bytes: [UInt8]) -> String? {
    // A character takes at most 2 bytes more in UTF-8 than here.
    var buffer = [UInt8](repeating: 0, count: 3 * bytes.count)
    let count = stance_from_gb18030(bytes, bytes.count, &buffer, buffer.count)
    guard count > 0 else { return nil }
    return String(validating: buffer[..<count], as: UTF8.self)
  }
}

/// Keeps names apart: a second "a/b.jpg" becomes "a/b (2).jpg".
package struct DistinctNames {
  /// Of the hash of each name that is taken, the number that comes next: the names of an archive could be a hundred megabytes. Each
  /// process hashes in its own way, so nobody can make names that fall together; two that do so by chance only get a number for nothing.
  private var next: [Int: UInt32] = [:]

  /// None is taken.
  package init() {}

  /// `name`, or what is free beside it.
  package mutating func take(_ name: String) -> String {
    let key = name.hashValue
    guard var number = next[key] else {
      next[key] = 2
      return name
    }
    let (stem, ending) = Self.split(name)
    while true {
      let candidate = "\(stem) (\(number))\(ending)"
      number += 1
      if next[candidate.hashValue] == nil {
        next[key] = number
        next[candidate.hashValue] = 2
        return candidate
      }
    }
  }

  /// Before and from the dot of its extension on.
  private static func split(_ name: String) -> (stem: Substring, ending: Substring) {
    let start = name.lastIndex(of: "/").map(name.index(after:)) ?? name.startIndex
    guard let dot = name[start...].lastIndex(of: "."), dot != start else { return (name[...], "") }
    return (name[..<dot], name[dot...])
  }
}
