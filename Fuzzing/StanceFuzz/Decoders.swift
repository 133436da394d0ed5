import PictureDecoders

extension FuzzTarget {
  /// What `stance-decode` does, in this process: a picture has the rows that its head announces.
  ///
  /// The sanitizer's process has no limit of memory of its own, so libFuzzer's is what a picture that lies runs into.
  static let decoders = FuzzTarget(name: "decoders") { input in
    // By the first bytes, so that a seed is a plain file.
    let decoder: PictureDecoder
    switch input.first {
    case UInt8(ascii: "G"): decoder = .gif
    case UInt8(ascii: "I"), UInt8(ascii: "M"): decoder = .tiff
    default: decoder = input.dropFirst(8).starts(with: "avi".utf8) ? .avif : .heic
    }
    input.withUnsafeBytes { bytes in
      let sink = CountingSink()
      guard (try? decoder.decode(bytes, into: sink)) != nil else { return }
      precondition(sink.head?.height == sink.rows, "\(sink.rows) rows for \(sink.head as Any)")
    }
  }
}

/// Reads every byte of a picture, which is all that is wanted of it here.
private final class CountingSink: PictureSink {
  let maxPixels = 1 << 16
  private(set) var head: PictureHead?
  private(set) var rows = 0
  private var sum: UInt8 = 0

  func expect(pixels: Int) { precondition(pixels <= maxPixels) }

  func begin(_ head: PictureHead) {
    precondition([3, 4].contains(head.channels) && (1...8).contains(head.orientation))
    self.head = head
  }

  func write(row: UnsafeRawBufferPointer) {
    rows += 1
    precondition(row.count == (head?.width ?? 0) * (head?.channels ?? 0))
    for byte in row { sum &+= byte }
  }
}
