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
    try ImageFormat.webp.checkSides(image.size, atMost: Int(WEBP_MAX_DIMENSION))
    var configuration = WebPConfig()
    guard WebPConfigPreset(&configuration, WEBP_PRESET_PHOTO, Float(quality)) != 0 else {
      throw ImageError(.encodingFailed, "libwebp does not take quality \(quality)")
    }
    picture.width = Int32(image.width)
    picture.height = Int32(image.height)
    let imported = image.withPixels {
      WebPPictureImportBGRX(&picture, $0.baseAddress, Int32(4 * image.width))
    }
    guard imported != 0 else { throw ImageError(.encodingFailed, "no memory for the WebP") }
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
