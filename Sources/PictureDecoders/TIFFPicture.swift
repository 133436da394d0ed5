import CTIFF

/// The first picture of a TIFF, by libtiff: strips and tiles, with whatever compression it was built with.
struct TIFFPicture: ~Copyable {
  private let file: OpaquePointer
  private let width: Int
  private let height: Int

  /// The first line is "LIBTIFF, Version 4.5.0".
  static var library: String {
    let line = String(cString: stance_tiff_version()).prefix { $0 != "\n" }
    return "libtiff " + (line.split(separator: " ").last ?? "of unknown version")
  }

  static func decode(
    _ bytes: UnsafeRawBufferPointer, into sink: some PictureSink
  ) throws(Failure) {
    try TIFFPicture(bytes).decode(into: sink)
  }

  /// - Precondition: `bytes` outlive this.
  private init(_ bytes: UnsafeRawBufferPointer) throws(Failure) {
    guard let start = bytes.baseAddress else { throw Failure(.truncated, "no bytes") }
    var head = stance_tiff_head()
    var message = [CChar](repeating: 0, count: 256)
    guard let file = stance_tiff_open(start, bytes.count, &head, &message) else {
      throw Failure(.corrupt, Self.text(message))
    }
    self.file = file
    width = Int(head.width)
    height = Int(head.height)
  }

  deinit { stance_tiff_close(file) }

  private func decode(into sink: some PictureSink) throws(Failure) {
    let count = try sink.count(width: width, height: height)
    var message = [CChar](repeating: 0, count: 1024)
    guard stance_tiff_is_supported(file, &message) != 0 else {
      throw Failure(.unsupported, Self.text(message))
    }
    try sink.expect(pixels: count)
    var pixels = [UInt32](repeating: 0, count: count)
    guard stance_tiff_decode(file, &pixels, &message) != 0 else {
      throw Failure(.corrupt, Self.text(message))
    }
    let head = PictureHead(width: width, height: height, channels: 4)
    let failure: Failure? = pixels.withUnsafeMutableBytes { bytes in
      Self.composeOnWhite(bytes)
      do throws(Failure) {
        try sink.begin(head)
        if let start = bytes.baseAddress { try sink.write(rows: start, stride: 4 * width, head) }
        return nil
      } catch { return error }
    }
    if let failure { throw failure }
  }

  /// libtiff multiplies colours by alpha, so what is missing is white.
  private static func composeOnWhite(_ pixels: UnsafeMutableRawBufferPointer) {
    for offset in stride(from: 0, to: pixels.count, by: 4) {
      let alpha = pixels[offset + 3]
      guard alpha != 255 else { continue }
      for channel in offset..<offset + 3 {
        let (sum, overflow) = pixels[channel].addingReportingOverflow(255 - alpha)
        pixels[channel] = overflow ? 255 : sum
      }
      pixels[offset + 3] = 255
    }
  }

  private static func text(_ message: [CChar]) -> String {
    let text = String(
      decoding: message.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    return text.isEmpty ? "its decoder gave no reason" : text
  }
}
