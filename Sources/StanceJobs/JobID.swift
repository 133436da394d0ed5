/// A job's name: 128 random bits as 32 lower-case hexadecimal digits. Nobody can guess it, so that
/// knowing it is enough to see the job where no API keys are in use.
package struct JobID: Sendable, Hashable, CustomStringConvertible {
  package let description: String

  /// A new one, from the system's random numbers.
  package init() {
    var generator = SystemRandomNumberGenerator()
    let digits = Array("0123456789abcdef")
    description = String(
      (0..<32).map { _ in digits[Int(generator.next(upperBound: 16 as UInt64))] })
  }

  /// Nil unless `text` is 32 digits of 0-9a-f.
  package init?(_ text: some StringProtocol) {
    let isDigit = { (byte: UInt8) in (48...57).contains(byte) || (97...102).contains(byte) }
    guard text.utf8.count == 32, text.utf8.allSatisfy(isDigit) else { return nil }
    description = String(text)
  }
}
