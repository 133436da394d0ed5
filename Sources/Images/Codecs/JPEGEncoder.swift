import CTurboJPEG

/// A TurboJPEG compressor: for one picture, on one thread.
struct JPEGEncoder: ~Copyable {
  private let handle: tjhandle

  init() throws(ImageError) {
    guard let handle = tjInitCompress() else {
      throw ImageError(.encodingFailed, "the JPEG encoder has no memory to start")
    }
    self.handle = handle
  }

  deinit { tjDestroy(handle) }

  /// A baseline JPEG with 4:2:0 colour.
  borrowing func encode(_ image: Image, quality: Int) throws(ImageError) -> [UInt8] {
    try ImageFormat.jpeg.checkSides(image.size, atMost: 65535)
    // TurboJPEG allocates what it needs.
    var encoded: UnsafeMutablePointer<UInt8>?
    var count: UInt = 0
    defer { tjFree(encoded) }
    let status = image.withPixels {
      tjCompress2(
        handle, $0.baseAddress, Int32(image.width), 0, Int32(image.height),
        Int32(TJPF_BGRX.rawValue), &encoded, &count, Int32(TJSAMP_420.rawValue), Int32(quality), 0)
    }
    guard status == 0 else {
      let reason = tjGetErrorStr2(handle).map { String(cString: $0) } ?? "unknown error"
      throw ImageError(.encodingFailed, "the JPEG encoder failed: \(reason)")
    }
    return Array(UnsafeBufferPointer(start: encoded, count: Int(count)))
  }
}
