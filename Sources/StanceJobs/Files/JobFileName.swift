/// The name of a file in a job's folder. All of them are made here: no word of a stranger ever becomes one.
package struct JobFileName: Sendable, Hashable, CustomStringConvertible {
  /// Small letters, digits, "-" and one ".": "input-000012", "part-000040-7", "result-9.jsonl".
  package let description: String

  /// Nil for what is no such name.
  package init?(_ text: String) {
    let isPlain = { (byte: UInt8) in
      (48...57).contains(byte) || (97...122).contains(byte) || byte == UInt8(ascii: "-")
    }
    let parts = text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    let first = text.utf8.first ?? 0
    guard (97...122).contains(first), text.utf8.count <= 64, parts.count <= 2,
      parts.allSatisfy({ !$0.isEmpty && $0.allSatisfy(isPlain) })
    else { return nil }
    description = text
  }

  private init(of text: String) { description = text }

  /// What came with the job: the photo, the video, the archive of that number, from 0.
  package static func input(_ number: Int) -> Self { Self(of: "\(inputPrefix)\(digits(number))") }

  /// How names of ``input(_:)`` begin.
  package static let inputPrefix = "input-"

  /// Results of items, from this one on, of the work under this claim alone.
  package static func part(_ claim: Claim) -> Self {
    Self(of: "\(partPrefix(claim.index))\(claim.fence)")
  }

  /// How names of ``part(_:)`` begin that an item had under any claim.
  package static func partPrefix(_ index: Int) -> String { "part-\(digits(index))-" }

  /// The job's result, gathered under this claim.
  ///
  /// - Parameter ending: "jsonl": up to 8 small letters and digits.
  package static func result(_ claim: Claim, ending: String) -> Self {
    Self("result-\(claim.fence).\(ending)") ?? Self(of: "result-\(claim.fence)")
  }

  /// Whether this is a ``result(_:ending:)`` of the claim.
  func isResult(of claim: Claim) -> Bool {
    description == "result-\(claim.fence)" || description.hasPrefix("result-\(claim.fence).")
  }

  /// At least six, so that they sort.
  private static func digits(_ number: Int) -> String {
    let text = "\(number)"
    return String(repeating: "0", count: max(0, 6 - text.utf8.count)) + text
  }
}
