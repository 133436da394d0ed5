// Numbers and columns for people, without Foundation's formatters.

extension String {
  /// Filled up with spaces on the right.
  func padded(to width: Int) -> String {
    self + String(repeating: " ", count: max(0, width - count))
  }
}

extension BinaryFloatingPoint {
  /// With so many decimals, at most 6; "?" for what is not finite or beyond a billion.
  func fixed(places: Int) -> String {
    let scale = (0..<min(places, 6)).reduce(1) { product, _ in product * 10 }
    guard isFinite, magnitude < 1e9 else { return "?" }
    let scaled = Int((Double(self) * Double(scale)).rounded())
    let digits = String(scaled.magnitude % scale.magnitude)
    let fraction = String(repeating: "0", count: max(0, places - digits.count)) + digits
    return (scaled < 0 ? "-" : "") + "\(scaled.magnitude / scale.magnitude)"
      + (places > 0 ? "." + fraction : "")
  }
}
