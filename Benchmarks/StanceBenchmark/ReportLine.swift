import Glibc

/// One line of output: a flat JSON object of names and numbers.
struct ReportLine {
  private var members: [String] = []

  mutating func add(_ name: String, _ value: Double) {
    // Four digits behind the point, without a formatter: 0.1 µs.
    let digits = (abs(value) * 1e4).rounded()
    guard digits < 1e15 else { return }
    let (whole, rest) = Int(digits).quotientAndRemainder(dividingBy: 10_000)
    let fraction = String(repeating: "0", count: 4 - "\(rest)".count) + "\(rest)"
    members.append("\"\(name)\":\(value < 0 ? "-" : "")\(whole).\(fraction)")
  }

  /// Writes the line at once: the reader waits for it.
  func write() {
    print("{" + members.joined(separator: ",") + "}")
    fflush(nil)
  }
}
