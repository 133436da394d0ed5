import CHEIF

/// The primary picture of a HEIC, by libheif, which applies rotation, mirroring and cropping itself.
struct HEICPicture: ~Copyable {
  private let context: OpaquePointer
  private var handle: OpaquePointer?
  private var decoded: OpaquePointer?

  static var library: String { "libheif " + String(cString: heif_get_version()) }

  /// Looks for plug-ins, of which there are none.
  static func prepare() throws(Failure) { try check(heif_init(nil)) }

  static func decode(
    _ bytes: UnsafeRawBufferPointer, into sink: some PictureSink
  ) throws(Failure) {
    var picture = try HEICPicture()
    try picture.open(bytes, sink)
    try picture.decode(into: sink)
  }

  private init() throws(Failure) {
    guard let context = heif_context_alloc() else { throw Failure(.noResources, "out of memory") }
    self.context = context
  }

  deinit {
    if let decoded { heif_image_release(decoded) }
    if let handle { heif_image_handle_release(handle) }
    heif_context_free(context)
  }

  /// Reads the header and announces what it claims.
  private mutating func open(
    _ bytes: UnsafeRawBufferPointer, _ sink: some PictureSink
  ) throws(Failure) {
    guard let start = bytes.baseAddress else { throw Failure(.truncated, "no bytes") }
    // Of either side, checked by libheif while it reads.
    heif_context_set_maximum_image_size_limit(context, 65_535)
    // Zero: decode on this thread.
    heif_context_set_max_decoding_threads(context, 0)
    // Copied: the context may read after this call.
    try Self.check(heif_context_read_from_memory(context, start, UInt(bytes.count), nil))
    try Self.check(heif_context_get_primary_image_handle(context, &handle))
    guard let handle else { throw Failure(.corrupt, "no primary picture") }
    try sink.expect(pixels: sink.count(width: claimed(handle).0, height: claimed(handle).1))
  }

  /// The size before rotation and cropping.
  private func claimed(_ handle: OpaquePointer) -> (Int, Int) {
    (
      Int(heif_image_handle_get_ispe_width(handle)), Int(heif_image_handle_get_ispe_height(handle))
    )
  }

  private mutating func decode(into sink: some PictureSink) throws(Failure) {
    guard let handle else { return }
    let hasAlpha = heif_image_handle_has_alpha_channel(handle) != 0
    guard let options = heif_decoding_options_alloc() else {
      throw Failure(.noResources, "out of memory")
    }
    defer { heif_decoding_options_free(options) }
    stance_heif_convert_to_8_bits(options)
    let layout = hasAlpha ? stance_heif_interleaved_rgba : stance_heif_interleaved_rgb
    try Self.check(
      heif_decode_image(
        handle, &decoded, Int32(stance_heif_rgb), Int32(layout), options))
    guard let decoded else { throw Failure(.corrupt, "no pixels") }

    let plane = Int32(stance_heif_interleaved)
    let head = PictureHead(
      width: Int(heif_image_get_width(decoded, plane)),
      height: Int(heif_image_get_height(decoded, plane)), channels: hasAlpha ? 4 : 3)
    let count = try sink.count(width: head.width, height: head.height)
    // The header's size before rotation and cropping is at least that of the picture.
    guard count <= claimed(handle).0 * claimed(handle).1 else {
      throw Failure(.corrupt, "\(head.width)x\(head.height) pixels, more than its header says")
    }
    var stride: Int32 = 0
    guard let rows = heif_image_get_plane_readonly(decoded, plane, &stride),
      Int(stride) >= head.channels * head.width
    else { throw Failure(.corrupt, "an unexpected layout of pixels") }
    try sink.begin(head)
    try sink.write(rows: rows, stride: Int(stride), head)
  }

  private static func check(_ error: heif_error) throws(Failure) {
    if Int(error.code) == stance_heif_ok { return }
    let message = error.message.map { String(cString: $0) } ?? "unknown error"
    switch (Int(error.code), Int(error.subcode)) {
    case (_, stance_heif_end_of_data):
      throw Failure(.truncated, message)
    case (_, stance_heif_security_limit_exceeded):
      throw Failure(.tooLarge, message)
    case (stance_heif_unsupported_feature, _),
      (stance_heif_unsupported_filetype, _):
      throw Failure(.unsupported, message)
    default:
      throw Failure(.corrupt, message)
    }
  }
}
