extension [UInt8] {
  /// The least significant byte first.
  mutating func append(littleEndian number: some FixedWidthInteger) {
    Swift.withUnsafeBytes(of: number.littleEndian) { append(contentsOf: $0) }
  }

  /// IEEE 754 single precision, the least significant byte first.
  mutating func append(littleEndian number: Float) { append(littleEndian: number.bitPattern) }

  /// Adds `byte` until the count is a multiple of `size`.
  mutating func pad(to size: Int, with byte: UInt8 = 0) {
    while !count.isMultiple(of: size) { append(byte) }
  }
}
