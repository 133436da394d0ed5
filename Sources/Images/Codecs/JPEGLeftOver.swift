import CJPEG

/// What stands between the last row of a JPEG and its end marker: left there by a sloppy writer, or by a damaged scan.
///
/// A scan that was damaged amid its pixels decodes to the end without a complaint more often than not, but then seldom has
/// the right length. The rest of its data is the only sign, so it must be told from data that never was the picture's.
struct JPEGLeftOver {
  /// More than encoders write. Each costs the time of a whole picture, and the file is read up to seven times again.
  private static let mostScans = 20

  private let bytes: [UInt8]
  private let size: ImageSize
  private let start: Int
  private let scans: Int

  /// What is left over by the report of reading these bytes.
  init(_ bytes: [UInt8], _ size: ImageSize, _ report: stance_jpeg_report) {
    self.bytes = bytes
    self.size = size
    start = report.left_over_start
    scans = Int(report.scans)
  }

  /// Whether no pixel was lost, as far as can be told.
  func isHarmless() throws(ImageError) -> Bool {
    guard scans <= Self.mostScans else { return false }
    if endsFilledUp() { return true }
    return try hasMoreRows()
  }

  /// Whether the last byte before was filled up with ones, as the last byte of every whole scan is: T.81, F.1.2.3.
  ///
  /// A damaged scan seems to be, too, one time in four.
  private func endsFilledUp() -> Bool {
    let end = endOfData()
    guard end > 1 else { return false }
    let last = bytes[end - 1]
    // A data byte of nothing but ones is followed by a zero.
    if last == 0 && bytes[end - 2] == 0xff { return true }
    // If the lowest zero is the picture's, then so is all above, and only ones are below.
    var changed = bytes
    changed[end - 1] ^= UInt8(1) << (~last).trailingZeroBitCount
    let before = JPEGDecoder.skim(bytes, size, reduction: 1)
    let after = JPEGDecoder.skim(changed, size, reduction: 1)
    return after.status != stance_jpeg_whole || after.last_rows != before.last_rows
      || after.left_over != before.left_over
  }

  /// The bytes up to here are needed, by those that can be cut off without a loss: what libjpeg read ahead, up to the 64
  /// bits that it holds, it does not count as left over.
  private func endOfData() -> Int {
    var needed = max(start - 8, 0)
    var enough = start
    while needed < enough {
      let middle = (needed + enough) / 2
      let cut = Array(bytes[..<middle]) + [0xff, 0xd9]
      if JPEGDecoder.skim(cut, size, reduction: 8).status == stance_jpeg_whole {
        enough = middle
      } else {
        needed = middle + 1
      }
    }
    return enough
  }

  /// Whether the data goes on to a whole number of further rows, without a fault: scanners that learn the height too late
  /// write too few in the header, some cameras fill up the last row of blocks.
  private func hasMoreRows() throws(ImageError) -> Bool {
    // Of several scans each would go on.
    guard try JPEGHeader.isSequential(bytes) else { return false }
    var taller = bytes
    func skim(_ height: Int) throws(ImageError) -> stance_jpeg_report {
      try JPEGHeader.set(height: height, in: &taller)
      return JPEGDecoder.skim(
        taller, ImageSize(width: size.width, height: height), reduction: 8)
    }
    // Bounded, so that reading them does not take much longer than the picture itself.
    let most = min(4 * size.height + 64, JPEGDecoder.longestSide)
    let rows = try Int(skim(most).rows_read)
    guard rows > size.height, rows <= JPEGDecoder.longestSide else { return false }
    let exact = try skim(rows)
    return exact.status == stance_jpeg_whole && exact.left_over == 0
  }
}
