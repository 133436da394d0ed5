/// What a part of a form says of itself (RFC 7578, section 4.2), as clients really write it: a file's name comes in any
/// encoding and with quotes that nobody escaped. Nothing depends on that name, so it is no reason to refuse the part.
struct ContentDisposition {
  let name: String
  let filename: String?

  /// Nil when it is not that of a form's part, or has no name for the field, or two.
  init?(_ value: ArraySlice<UInt8>) {
    // In GBK and Shift JIS a character may end with a backslash, so one before a quote may be no escape.
    guard let found = Self.parse(value, hasEscapes: true) ?? Self.parse(value, hasEscapes: false)
    else { return nil }
    name = Self.unescaped(found.name)
    filename =
      found.extended.flatMap(HeaderParameters.extendedValue)
      ?? found.filename.map(Self.unescaped)
  }

  private typealias Found = (name: String, filename: String?, extended: String?)

  private static func parse(_ value: ArraySlice<UInt8>, hasEscapes: Bool) -> Found? {
    var rest = Bytes(value)
    guard rest.takeToken(until: ";").equalsIgnoringCase("form-data") else { return nil }
    var name: String?
    var filename: String?
    var extended: String?
    var isBehindFile = false
    while rest.skip(";") {
      let key = rest.takeToken(until: "=;").lowercased()
      guard rest.skip("=") else {
        // What looks like a parameter here may be a piece of the file's name.
        if key.isEmpty || isBehindFile { continue }
        return nil
      }
      let isFile = key == "filename" || key == "filename*"
      guard let text = rest.takeValue(hasEscapes: hasEscapes, mayHoldQuotes: isFile) else {
        return nil
      }
      switch key {
      case "name" where name == nil: name = text
      case "name" where !isBehindFile: return nil
      case "filename" where filename == nil: filename = text
      case "filename*" where extended == nil: extended = text
      default: break
      }
      isBehindFile = isBehindFile || isFile
    }
    return name.map { ($0, filename, extended) }
  }

  /// Undoes what browsers make of a quote or a line break in a name (HTML, section 4.10.21.8).
  private static func unescaped(_ name: String) -> String {
    guard name.utf8.contains(UInt8(ascii: "%")) else { return name }
    return name.replacing("%22", with: "\"")
      .replacing("%0D", with: "\r").replacing("%0A", with: "\n")
  }
}

/// What is left of a field's value, which may be no text. Of bytes that are no UTF-8, texts have U+FFFD.
private struct Bytes {
  private static let quote = UInt8(ascii: "\"")
  private static let backslash = UInt8(ascii: "\\")

  private var rest: ArraySlice<UInt8>

  init(_ bytes: ArraySlice<UInt8>) { rest = bytes }

  mutating func skip(_ scalar: Unicode.Scalar) -> Bool {
    guard rest.first == UInt8(ascii: scalar) else { return false }
    rest.removeFirst()
    return true
  }

  mutating func takeToken(until stops: String) -> String {
    let end = rest.firstIndex { stops.utf8.contains($0) } ?? rest.endIndex
    defer { rest = rest[end...] }
    return String(String(decoding: rest[..<end], as: UTF8.self).trimmed)
  }

  /// A token or a quoted text. Nil without a closing quote, or with more behind it; with `mayHoldQuotes` a quote only
  /// closes where the parameter can end.
  mutating func takeValue(hasEscapes: Bool, mayHoldQuotes: Bool) -> String? {
    rest = rest.drop { Self.isBlank($0) }
    guard skip("\"") else { return takeToken(until: ";") }
    var out: [UInt8] = []
    while let byte = rest.popFirst() {
      if byte == Self.quote {
        let behind = rest.drop { Self.isBlank($0) }
        if behind.isEmpty || behind.first == UInt8(ascii: ";") {
          rest = behind
          return String(decoding: out, as: UTF8.self)
        }
        if !mayHoldQuotes { return nil }
      }
      // Only these two are escapes: old browsers send C:\photo.jpg.
      let isEscape =
        hasEscapes && byte == Self.backslash
        && (rest.first == Self.quote || rest.first == Self.backslash)
      out.append(isEscape ? rest.removeFirst() : byte)
    }
    return mayHoldQuotes ? String(decoding: out, as: UTF8.self) : nil
  }

  private static func isBlank(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t")
  }
}
