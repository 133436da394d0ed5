import CHEIF
import Glibc

/// The primary picture of a HEIC or AVIF, by libheif, which applies rotation, mirroring and cropping itself.
struct Picture: ~Copyable {
  private let bytes: [UInt8]
  private let maxPixels: Int
  private let context: OpaquePointer
  private var handle: OpaquePointer?
  private var decoded: OpaquePointer?

  init(_ bytes: [UInt8], maxPixels: Int) throws(Failure) {
    // Plug-ins are loaded before memory is bounded.
    try Self.check(heif_init(nil))
    guard let context = heif_context_alloc() else { throw Failure(.broken, "out of memory") }
    self.bytes = bytes
    self.maxPixels = maxPixels
    self.context = context
  }

  deinit {
    if let decoded { heif_image_release(decoded) }
    if let handle { heif_image_handle_release(handle) }
    heif_context_free(context)
  }

  /// Decodes the picture and writes its size and pixels.
  consuming func write() throws(Failure) {
    try open()
    let hasAlpha = heif_image_handle_has_alpha_channel(handle) != 0
    try decode(hasAlpha ? heif_chroma_interleaved_RGBA : heif_chroma_interleaved_RGB)
    try writePixels(channels: hasAlpha ? 4 : 3)
  }

  /// Reads the header and bounds memory by what it claims.
  private mutating func open() throws(Failure) {
    // Of either side, checked by libheif while it reads.
    heif_context_set_maximum_image_size_limit(context, 65_535)
    // Zero: decode on this thread.
    heif_context_set_max_decoding_threads(context, 0)
    // Copied: the context may read after this call.
    try Self.check(heif_context_read_from_memory(context, bytes, bytes.count, nil))
    try Self.check(heif_context_get_primary_image_handle(context, &handle))
    let stored = (
      width: Int(heif_image_handle_get_ispe_width(handle)),
      height: Int(heif_image_handle_get_ispe_height(handle))
    )
    let pixels = try checkedCount(width: stored.width, height: stored.height)
    try Memory.bound(forPixels: pixels)
  }

  private mutating func decode(_ chroma: heif_chroma) throws(Failure) {
    guard let options = heif_decoding_options_alloc() else {
      throw Failure(.broken, "out of memory")
    }
    defer { heif_decoding_options_free(options) }
    // 10 and 12 bits a channel become 8.
    options.pointee.convert_hdr_to_8bit = 1
    try Self.check(heif_decode_image(handle, &decoded, heif_colorspace_RGB, chroma, options))
  }

  private func writePixels(channels: Int) throws(Failure) {
    let width = Int(heif_image_get_width(decoded, heif_channel_interleaved))
    let height = Int(heif_image_get_height(decoded, heif_channel_interleaved))
    _ = try checkedCount(width: width, height: height)
    // The header's size before rotation and cropping is at least that of the picture.
    let claimed =
      Int(heif_image_handle_get_ispe_width(handle)) * Int(heif_image_handle_get_ispe_height(handle))
    guard width * height <= claimed else {
      throw Failure(.corrupt, "\(width)x\(height) pixels, more than its header says")
    }
    var stride: Int32 = 0
    guard let plane = heif_image_get_plane_readonly(decoded, heif_channel_interleaved, &stride),
      Int(stride) >= channels * width
    else { throw Failure(.corrupt, "an unexpected layout of pixels") }
    var header: [UInt8] = []
    for number in [width, height, channels] {
      for shift in [0, 8, 16, 24] { header.append(UInt8(truncatingIfNeeded: number >> shift)) }
    }
    let headerFailure: Failure? = header.withUnsafeBytes { bytes in
      do throws(Failure) {
        try StandardStreams.write(bytes)
        return nil
      } catch { return error }
    }
    if let headerFailure { throw headerFailure }
    for y in 0..<height {
      try StandardStreams.write(
        UnsafeRawBufferPointer(start: plane + Int(stride) * y, count: channels * width))
    }
  }

  private func checkedCount(width: Int, height: Int) throws(Failure) -> Int {
    guard width > 0, height > 0 else { throw Failure(.corrupt, "no size in its header") }
    guard width * height <= maxPixels else {
      throw Failure(.tooLarge, "\(width)x\(height) pixels; at most \(maxPixels) are read")
    }
    return width * height
  }

  private static func check(_ error: heif_error) throws(Failure) {
    if error.code == heif_error_Ok { return }
    let message = error.message.map { String(cString: $0) } ?? "unknown error"
    if error.subcode == heif_suberror_End_of_data { throw Failure(.truncated, message) }
    if error.subcode == heif_suberror_Security_limit_exceeded {
      throw Failure(.tooLarge, message)
    }
    switch error.code {
    case heif_error_Unsupported_feature, heif_error_Unsupported_filetype:
      throw Failure(.unsupported, message)
    default:
      throw Failure(.corrupt, message)
    }
  }
}
