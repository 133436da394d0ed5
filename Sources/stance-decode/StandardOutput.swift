import PictureDecoders

/// The picture's head (width, height, channels, orientation: 4 bytes each, little-endian) and its rows, on standard output.
struct StandardOutput: PictureSink {
  let maxPixels: Int
  let memory: Memory

  func expect(pixels: Int) throws(Failure) { try memory.bound(forPixels: pixels) }

  func begin(_ head: PictureHead) throws(Failure) {
    var bytes: [UInt8] = []
    for number in [head.width, head.height, head.channels, head.orientation] {
      for shift in [0, 8, 16, 24] { bytes.append(UInt8(truncatingIfNeeded: number >> shift)) }
    }
    try StandardStreams.write(bytes)
  }

  func write(row: UnsafeRawBufferPointer) throws(Failure) { try StandardStreams.write(row) }
}
