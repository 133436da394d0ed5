/// The order of file names in which "frame2" comes before "frame10": runs of digits compare as numbers.
enum NaturalOrder {
  static func precedes(_ left: String, _ right: String) -> Bool {
    let (a, b) = (Array(left.utf8), Array(right.utf8))
    var (i, j) = (0, 0)
    while i < a.count, j < b.count {
      guard isDigit(a[i]), isDigit(b[j]) else {
        if a[i] != b[j] { return a[i] < b[j] }
        i += 1
        j += 1
        continue
      }
      let (first, second) = (digits(a, &i), digits(b, &j))
      if first.count != second.count { return first.count < second.count }
      if !first.elementsEqual(second) { return first.lexicographicallyPrecedes(second) }
    }
    // Equal but for zeros in front, or one begins with the other.
    let (restLeft, restRight) = (a.count - i, b.count - j)
    return restLeft != restRight ? restLeft < restRight : a.lexicographicallyPrecedes(b)
  }

  private static func isDigit(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
  }

  /// The digits from `position` on, without zeros in front.
  private static func digits(_ bytes: [UInt8], _ position: inout Int) -> ArraySlice<UInt8> {
    let run = bytes[position...].prefix(while: isDigit)
    position = run.endIndex
    return run.drop { $0 == UInt8(ascii: "0") }
  }
}
