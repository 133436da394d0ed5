import CWebP

/// One lossy WebP on its way: owns what libwebp allocates for it.
struct WebPEncoder: ~Copyable {
  private var picture = WebPPicture()
  private var writer = WebPMemoryWriter()

  init() throws(ImageError) {
    guard WebPPictureInit(&picture) != 0 else {
      throw ImageError(.encodingFailed, "libwebp is of another version than its header")
    }
    WebPMemoryWriterInit(&writer)
  }

  deinit {
    var picture = picture
    WebPPictureFree(&picture)
    var writer = writer
    WebPMemoryWriterClear(&writer)
  }

  /// A lossy WebP.
  consuming func encode(_ image: Image, quality: Int) throws(ImageError) -> [UInt8] {
    try setSize(image.size)
    let imported = image.withPixels {
      WebPPictureImportBGRX(&picture, $0.baseAddress, Int32(4 * image.width))
    }
    return try write(isImported: imported != 0, quality: quality)
  }

  /// A WebP with lossy colours and lossless opacity.
  consuming func encode(_ image: TransparentImage, quality: Int) throws(ImageError) -> [UInt8] {
    try setSize(image.size)
    let imported = image.withPixels {
      WebPPictureImportBGRA(&picture, $0.baseAddress, Int32(4 * image.size.width))
    }
    return try write(isImported: imported != 0, quality: quality)
  }

  private mutating func setSize(_ size: ImageSize) throws(ImageError) {
    try ImageFormat.webp.checkSides(size, atMost: Int(WEBP_MAX_DIMENSION))
    picture.width = Int32(size.width)
    picture.height = Int32(size.height)
  }

  private mutating func write(isImported: Bool, quality: Int) throws(ImageError) -> [UInt8] {
    guard isImported else { throw ImageError(.encodingFailed, "no memory for the WebP") }
    var configuration = WebPConfig()
    guard WebPConfigPreset(&configuration, WEBP_PRESET_PHOTO, Float(quality)) != 0 else {
      throw ImageError(.encodingFailed, "libwebp does not take quality \(quality)")
    }
    let encoded = withUnsafeMutablePointer(to: &writer) { writer in
      picture.writer = WebPMemoryWrite
      picture.custom_ptr = UnsafeMutableRawPointer(writer)
      return WebPEncode(&configuration, &picture)
    }
    guard encoded != 0 else {
      throw ImageError(
        .encodingFailed, "the WebP encoder failed (error \(picture.error_code.rawValue))")
    }
    return Array(UnsafeBufferPointer(start: writer.mem, count: writer.size))
  }
}
