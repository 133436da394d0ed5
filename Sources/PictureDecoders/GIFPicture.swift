import CGIF

/// The first picture of a GIF on its screen, by giflib; what the picture leaves free or transparent is white.
///
/// A screen that is too small for its first picture grows, as in browsers.
struct GIFPicture: ~Copyable {
  private let file: UnsafeMutablePointer<GifFileType>
  /// The colour number that stands for nothing; -1 for none.
  private var transparent = -1

  /// giflib tells its version to the compiler only.
  static var library: String { "giflib \(GIFLIB_MAJOR).\(GIFLIB_MINOR).\(GIFLIB_RELEASE)" }

  static func decode(
    _ bytes: UnsafeRawBufferPointer, into sink: some PictureSink
  ) throws(Failure) {
    var rest = bytes
    // giflib calls back for bytes, so the place of the rest must stay where it is.
    let failure: Failure? = withUnsafeMutablePointer(to: &rest) { rest in
      do throws(Failure) {
        var picture = try GIFPicture(rest)
        try picture.decode(into: sink)
        return nil
      } catch { return error }
    }
    if let failure { throw failure }
  }

  private init(_ rest: UnsafeMutablePointer<UnsafeRawBufferPointer>) throws(Failure) {
    var code: Int32 = 0
    let opened = DGifOpen(
      rest,
      { file, target, wanted in
        guard let file, let target, let user = file.pointee.UserData else { return 0 }
        let rest = user.assumingMemoryBound(to: UnsafeRawBufferPointer.self)
        let count = min(Int(max(wanted, 0)), rest.pointee.count)
        UnsafeMutableRawBufferPointer(start: target, count: count).copyMemory(
          from: UnsafeRawBufferPointer(rebasing: rest.pointee[..<count]))
        rest.pointee = UnsafeRawBufferPointer(rebasing: rest.pointee[count...])
        return Int32(count)
      }, &code)
    guard let opened else { throw Self.failure(code) }
    file = opened
  }

  deinit {
    var code: Int32 = 0
    _ = DGifCloseFile(file, &code)
  }

  private mutating func decode(into sink: some PictureSink) throws(Failure) {
    try skipToPicture()
    guard DGifGetImageDesc(file) == GIF_OK else { throw failure() }
    let frame = file.pointee.Image
    let width = max(Int(file.pointee.SWidth), Int(frame.Left) + Int(frame.Width))
    let height = max(Int(file.pointee.SHeight), Int(frame.Top) + Int(frame.Height))
    let pixels = try sink.count(width: width, height: height)
    try sink.expect(pixels: pixels)
    let rows = try decodeRows(width: width, height: height)
    let head = PictureHead(width: width, height: height, channels: 3)
    let failure: Failure? = rows.withUnsafeBytes { rows in
      do throws(Failure) {
        try sink.begin(head)
        if let start = rows.baseAddress { try sink.write(rows: start, stride: 3 * width, head) }
        return nil
      } catch { return error }
    }
    if let failure { throw failure }
  }

  /// Reads extensions up to the first picture.
  private mutating func skipToPicture() throws(Failure) {
    while true {
      var kind = UNDEFINED_RECORD_TYPE
      guard DGifGetRecordType(file, &kind) == GIF_OK else { throw failure() }
      switch kind {
      case IMAGE_DESC_RECORD_TYPE: return
      case EXTENSION_RECORD_TYPE: try readExtension()
      case TERMINATE_RECORD_TYPE: throw Failure(.corrupt, "no picture inside")
      default: continue
      }
    }
  }

  private mutating func readExtension() throws(Failure) {
    var kind: Int32 = 0
    var block: UnsafeMutablePointer<GifByteType>?
    guard DGifGetExtension(file, &kind, &block) == GIF_OK else { throw failure() }
    while let content = block {
      // A block begins with its length.
      if kind == GRAPHICS_EXT_FUNC_CODE, content[0] >= 4 {
        transparent = content[1] & 1 == 1 ? Int(content[4]) : -1
      }
      guard DGifGetExtensionNext(file, &block) == GIF_OK else { throw failure() }
    }
  }

  /// The screen in RGB with the picture on it.
  private func decodeRows(width: Int, height: Int) throws(Failure) -> [UInt8] {
    let frame = file.pointee.Image
    let (left, top) = (Int(frame.Left), Int(frame.Top))
    let (frameWidth, frameHeight) = (Int(frame.Width), Int(frame.Height))
    guard frameWidth > 0, frameHeight > 0 else {
      throw Failure(.corrupt, "its first picture has no pixel")
    }
    guard let map = frame.ColorMap ?? file.pointee.SColorMap, let colours = map.pointee.Colors
    else {
      throw Failure(.corrupt, "no colours")
    }
    let colourCount = Int(map.pointee.ColorCount)
    var screen = [UInt8](repeating: 255, count: 3 * width * height)
    var line = [GifPixelType](repeating: 0, count: frameWidth)
    for row in Self.rowOrder(frameHeight, isInterlaced: frame.Interlace) {
      guard DGifGetLine(file, &line, Int32(frameWidth)) == GIF_OK else { throw failure() }
      var offset = 3 * ((top + row) * width + left)
      for number in line {
        // A number beyond the colours shows nothing.
        if Int(number) != transparent, number < colourCount {
          let colour = colours[Int(number)]
          screen[offset] = colour.Red
          screen[offset + 1] = colour.Green
          screen[offset + 2] = colour.Blue
        }
        offset += 3
      }
    }
    return screen
  }

  /// The places of rows as they come: interlaced in four passes.
  private static func rowOrder(_ height: Int, isInterlaced: Bool) -> [Int] {
    guard isInterlaced else { return Array(0..<height) }
    return [(0, 8), (4, 8), (2, 4), (1, 2)].flatMap { start, step in
      stride(from: start, to: height, by: step)
    }
  }

  private func failure() -> Failure { Self.failure(file.pointee.Error) }

  private static func failure(_ code: Int32) -> Failure {
    let reason = GifErrorString(code).map { String(cString: $0) } ?? "unknown error"
    switch code {
    case D_GIF_ERR_READ_FAILED, D_GIF_ERR_EOF_TOO_SOON: return Failure(.truncated, reason)
    case D_GIF_ERR_NOT_ENOUGH_MEM: return Failure(.noResources, reason)
    default: return Failure(.corrupt, reason)
    }
  }
}
