/// Something that has a type in HTTP.
protocol MediaForm {
  /// "application/json".
  var mediaType: String { get }
}

extension AnswerForm: MediaForm {}

/// What a client accepts, by its `Accept` field (RFC 9110, section 12.5.1).
struct Acceptance: Sendable {
  private struct Range {
    let type: Substring
    let subtype: Substring
    let quality: Double
  }

  private let ranges: [Range]

  /// No field accepts everything.
  init(_ field: String?) {
    let entries = (field ?? "*/*").lowercased().split(separator: ",").prefix(64)
    ranges = entries.compactMap { entry in
      let pieces = entry.split(separator: ";").map(Self.trimmed)
      let names = pieces.first?.split(separator: "/", maxSplits: 1) ?? []
      guard names.count == 2 else { return nil }
      let quality = pieces.dropFirst().first { $0.hasPrefix("q=") }.flatMap {
        Double($0.dropFirst(2))
      }
      return Range(type: names[0], subtype: names[1], quality: min(1, max(0, quality ?? 1)))
    }
  }

  /// Of these forms, best first, the one that the client likes most; nil when it accepts none.
  func best<Form: MediaForm>(of forms: [Form]) -> Form? {
    var best: (form: Form, quality: Double)?
    for form in forms {
      let quality = quality(of: form.mediaType)
      if quality > best?.quality ?? 0 { best = (form, quality) }
    }
    return best?.form
  }

  /// The most specific range that fits decides.
  private func quality(of mediaType: String) -> Double {
    let names = mediaType.prefix { $0 != ";" }.split(separator: "/")
    guard let type = names.first, let subtype = names.last else { return 0 }
    let exact = ranges.first { $0.type == type && $0.subtype == subtype }
    let kind = ranges.first { $0.type == type && $0.subtype == "*" }
    let any = ranges.first { $0.type == "*" && $0.subtype == "*" }
    return (exact ?? kind ?? any)?.quality ?? 0
  }

  private static func trimmed(_ text: Substring) -> Substring {
    let start = text.drop { $0 == " " || $0 == "\t" }
    return start.prefix { $0 != " " && $0 != "\t" }
  }
}
