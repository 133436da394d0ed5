package import Images

extension TestData {
  /// A picture below `testdata`, decoded.
  package static func image(_ relative: String) throws -> Image {
    try photo(relative).decode()
  }

  /// A picture below `testdata`, as bytes.
  package static func photo(_ relative: String) throws -> EncodedImage {
    try EncodedImage(contentsOf: path(relative))
  }

  /// The photo that comes with the project, decoded: an astronaut, 512 × 512 pixels.
  package static func sample() throws -> Image {
    try EncodedImage(contentsOf: packageRoot + "/samples/astronaut.png").decode()
  }
}

extension Image {
  /// A picture with a pattern that differs at every place: for tests without photos.
  package static func pattern(width: Int, height: Int, seed: UInt64 = 1) -> Image {
    var random = SplitMix(seed: seed)
    let size = ImageSize(width: width, height: height)
    return Image(
      size: size,
      rgb: (0..<3 * size.pixelCount).map { _ in UInt8(truncatingIfNeeded: random.next()) })
  }
}

/// A small deterministic generator: tests with random input repeat exactly.
package struct SplitMix: RandomNumberGenerator {
  private var state: UInt64

  package init(seed: UInt64) { state = seed }

  package mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var value = state
    value = (value ^ (value >> 30)) &* 0xbf58_476d_1ce4_e5b9
    value = (value ^ (value >> 27)) &* 0x94d0_49bb_1331_11eb
    return value ^ (value >> 31)
  }
}
