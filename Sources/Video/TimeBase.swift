/// The unit of a video's times: one tick is `numerator / denominator` seconds.
public struct TimeBase: Sendable, Hashable, CustomStringConvertible {
  /// At least 1.
  public let numerator: Int64
  /// At least 1.
  public let denominator: Int64

  /// - Precondition: both are at least 1.
  public init(_ numerator: Int64, _ denominator: Int64) {
    precondition(numerator >= 1 && denominator >= 1, "a tick lasts longer than nothing")
    self.numerator = numerator
    self.denominator = denominator
  }

  /// "1/90000", as ffprobe writes it; nil for anything else, and for "0/0".
  init?(_ text: some StringProtocol) {
    let parts = text.split(separator: "/").map { Int64($0) }
    guard parts.count == 2, let numerator = parts[0], let denominator = parts[1], numerator >= 1,
      denominator >= 1
    else { return nil }
    self.init(numerator, denominator)
  }

  /// So many ticks in seconds, to the nearest `Double` for counts up to 2^53.
  public func seconds(_ ticks: Int64) -> Double {
    Double(ticks) * Double(numerator) / Double(denominator)
  }

  /// The first tick that is not before `seconds`, where a thousandth of a tick counts as rounding; nil when there is none.
  func firstTick(from seconds: Double) -> Int64? {
    let ticks = seconds * Double(denominator) / Double(numerator) - 0.001
    return Int64(exactly: ticks.rounded(.up))
  }

  /// "1/90000".
  public var description: String { "\(numerator)/\(denominator)" }
}
