/// Which part of a file a request wants (RFC 9110, section 14).
package enum ByteRange: Sendable, Hashable {
  /// All of it: nothing else was asked for, in a way that is understood.
  case whole
  /// These bytes, of which there is at least one.
  case part(Range<Int>)
  /// Nothing that was asked for is there.
  case unsatisfiable

  /// What `Range` and `If-Range` ask for of a file.
  ///
  /// Several ranges are answered with the whole file, which every server may do; so is what is malformed, in another unit, or
  /// about another version of the file.
  ///
  /// - Parameters:
  ///   - size: bytes of the file.
  ///   - entityTag: the file's, a strong one with its quotes.
  package init(_ headers: HTTPHeaders, size: Int, entityTag: String) {
    self = .whole
    guard let field = headers["Range"], headers["If-Range"].map({ $0 == entityTag }) ?? true
    else { return }
    let halves = field.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    guard halves.count == 2, halves[0].trimmed.equalsIgnoringCase("bytes") else { return }
    var found: [Range<Int>] = []
    let wanted = halves[1].split(separator: ",", omittingEmptySubsequences: false)
    for one in wanted {
      guard let range = Self.range(one.trimmed, of: size) else { return }
      if !range.isEmpty { found.append(range) }
    }
    switch (wanted.count, found.first) {
    case (_, nil): self = .unsatisfiable
    case (1, let range?): self = .part(range)
    default: return
    }
  }

  /// Nil when it is malformed; empty when the file has none of it.
  private static func range(_ text: Substring, of size: Int) -> Range<Int>? {
    let ends = text.split(separator: "-", omittingEmptySubsequences: false)
    guard ends.count == 2, ends.allSatisfy({ $0.utf8.allSatisfy { (48...57).contains($0) } })
    else { return nil }
    // A number that is too large for `Int` is behind every file's end.
    let numbers = ends.map { $0.isEmpty ? nil : Int($0) ?? Int.max }
    switch (numbers[0], numbers[1]) {
    case (nil, nil): return nil
    case (nil, let count?): return max(0, size - count)..<size
    case (let first?, nil): return min(first, size)..<size
    case (let first?, let last?):
      guard first <= last else { return nil }
      return min(first, size)..<min(last == Int.max ? last : last + 1, size)
    }
  }
}

extension HTTPHeaders {
  /// Whether `If-None-Match` says that the caller has this version (RFC 9110, section 13.1.2).
  package func hasVersion(_ entityTag: String) -> Bool {
    guard let field = self["If-None-Match"] else { return false }
    if field.trimmed == "*" { return true }
    return field.split(separator: ",").contains { tag in
      let tag = tag.trimmed
      return (tag.hasPrefix("W/") ? tag.dropFirst(2) : tag) == entityTag
    }
  }
}
