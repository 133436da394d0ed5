import Images

extension Image {
  /// The four bytes at `offset`.
  func pixel(_ offset: Int) -> [UInt8] { withPixels { Array($0[offset..<offset + 4]) } }

  /// A picture of smooth colours, without shared data: nothing in it is symmetrical.
  static func gradient(width: Int, height: Int) -> Image {
    var bgrx: [UInt8] = []
    for y in 0..<height {
      for x in 0..<width {
        bgrx += [
          UInt8(255 * x / width), UInt8(255 * y / height), UInt8(128 * (x + y) / (width + height)),
          255,
        ]
      }
    }
    return Image(size: ImageSize(width: width, height: height), bgrx: bgrx)
  }
}

/// Mean of the absolute differences of all channels; infinite when the sizes differ.
func meanDifference(_ one: Image, _ other: Image) -> Double {
  guard one.size == other.size else { return .infinity }
  return one.withPixels { first in
    other.withPixels { second in
      var sum = 0
      for index in first.indices { sum += abs(Int(first[index]) - Int(second[index])) }
      return Double(sum) / Double(3 * one.size.pixelCount)
    }
  }
}

private let crcTable: [UInt32] = (0..<256).map { start in
  (0..<8).reduce(UInt32(start)) { crc, _ in crc & 1 == 1 ? 0xedb8_8320 ^ crc >> 1 : crc >> 1 }
}

/// CRC-32 as zlib and PNG compute it.
func crc32(_ bytes: some Sequence<UInt8>) -> UInt32 {
  ~bytes.reduce(~UInt32(0)) { crc, byte in crcTable[Int((crc ^ UInt32(byte)) & 255)] ^ crc >> 8 }
}

/// CRC-32 of the pixels as packed RGB.
func crc32OfRGB(_ image: Image) -> UInt32 {
  crcTable.withUnsafeBufferPointer { table in
    image.withPixels { pixels in
      var crc = ~UInt32(0)
      for offset in stride(from: 0, to: pixels.count, by: 4) {
        for channel in [2, 1, 0] {
          crc = table[Int((crc ^ UInt32(pixels[offset + channel])) & 255)] ^ crc >> 8
        }
      }
      return ~crc
    }
  }
}

/// A TIFF or BMP's number.
func little(_ value: Int, _ width: Int) -> [UInt8] {
  (0..<width).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
}

/// A PNG's number.
func big(_ value: Int, _ width: Int) -> [UInt8] { little(value, width).reversed() }
