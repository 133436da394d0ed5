import CTurboJPEG
import PixelKernels

/// A TurboJPEG decompressor: for one picture, on one thread.
struct JPEGDecoder: ~Copyable {
  private let handle: tjhandle

  init() throws(ImageError) {
    guard let handle = tjInitDecompress() else {
      throw ImageError(.corrupt, "the JPEG decoder has no memory to start")
    }
    self.handle = handle
  }

  deinit { tjDestroy(handle) }

  /// The picture as it is stored, at 1/`reduction` of its size.
  ///
  /// The integer transform and smooth colour upsampling are TurboJPEG's defaults and those of OpenCV and Pillow:
  /// the same bytes come out.
  borrowing func decode(_ bytes: [UInt8], _ size: ImageSize, _ reduction: Int) throws -> Image {
    let bytes = try JPEGHeader.withoutGaps(bytes)
    let isCMYK = try readColourSpace(bytes, size)
    let reduced = ImageSize(
      width: (size.width + reduction - 1) / reduction,
      height: (size.height + reduction - 1) / reduction)
    return try Image(
      size: reduced,
      filledBy: { target in
        try fill(target, reduced, isCMYK ? TJPF_CMYK : TJPF_BGRX, from: bytes)
        if isCMYK { Conversion.toBGRX(invertedCMYK: target) }
      })
  }

  /// Whether the file holds inks, which TurboJPEG does not turn into RGB.
  private borrowing func readColourSpace(_ bytes: [UInt8], _ size: ImageSize) throws -> Bool {
    var width: Int32 = 0
    var height: Int32 = 0
    var subsampling: Int32 = 0
    var colourSpace: Int32 = 0
    guard
      tjDecompressHeader3(
        handle, bytes, UInt(bytes.count), &width, &height, &subsampling, &colourSpace) == 0
    else { throw failure() }
    guard Int(width) == size.width, Int(height) == size.height else {
      throw ImageFormat.jpeg.corrupt("two sizes, \(size) and \(width)x\(height)")
    }
    return [TJCS_CMYK.rawValue, TJCS_YCCK.rawValue].contains(UInt32(bitPattern: colourSpace))
  }

  private borrowing func fill(
    _ target: UnsafeMutableBufferPointer<UInt8>, _ size: ImageSize, _ format: TJPF,
    from bytes: [UInt8]
  ) throws {
    func decompress(_ flags: Int32) -> Int32 {
      tjDecompress2(
        handle, bytes, UInt(bytes.count), target.baseAddress, Int32(size.width), 0,
        Int32(size.height),
        Int32(format.rawValue), flags | TJFLAG_LIMITSCANS)
    }
    // Without the flag a cut file is a success with a grey rest.
    if decompress(TJFLAG_STOPONWARNING) == 0 { return }
    if try hasPaddedEnd(bytes),
      decompress(0) == 0 || tjGetErrorCode(handle) == TJERR_WARNING.rawValue
    {
      return
    }
    throw failure()
  }

  /// Whether what went wrong last is no more than padding between the last scan and the end marker, as some cameras
  /// write it.
  ///
  /// It is the first warning of the file, so all pixels before it were sound, and nothing but the end comes after it.
  /// Other bytes than those of padding are what a damaged scan left over.
  private borrowing func hasPaddedEnd(_ bytes: [UInt8]) throws(ImageError) -> Bool {
    guard message.hasSuffix("extraneous bytes before marker 0xd9"),
      let count = message.split(separator: " ").lazy.compactMap({ Int($0) }).first
    else { return false }
    let end = try JPEGHeader.endMarker(of: HeaderBytes(bytes))
    // It counts no 0xff before a marker.
    return JPEGHeader.isPadding(bytes[..<end].reversed().drop { $0 == 0xff }.prefix(count))
  }

  private borrowing func failure() -> ImageError {
    message.contains("Premature end")
      ? ImageFormat.jpeg.truncated("in its pixels") : ImageFormat.jpeg.corrupt(message)
  }

  /// What went wrong last, in libjpeg's words.
  private var message: String {
    tjGetErrorStr2(handle).map { String(cString: $0) } ?? "unknown error"
  }
}
