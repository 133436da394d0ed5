import CAVIF

/// The primary picture of an AVIF, or the first of a sequence, by libavif.
///
/// Cropping is applied here; of rotation and mirroring the head tells.
struct AVIFPicture: ~Copyable {
  private let decoder: UnsafeMutablePointer<avifDecoder>

  /// libavif and the AV1 decoder that it uses: "libavif 0.11.1 (dav1d 1.0.0)".
  static var library: String {
    var codecs = [CChar](repeating: 0, count: 256)
    avifCodecVersions(&codecs)
    let names = String(
      decoding: codecs.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    // "dav1d [dec]:1.0.0, libgav1 [dec]:0.18.0": the first is taken.
    let first = names.prefix { $0 != "," }.split(separator: ":").map { $0.prefix { $0 != " " } }
      .joined(separator: " ")
    return "libavif \(String(cString: avifVersion())) (\(first))"
  }

  static func decode(
    _ bytes: UnsafeRawBufferPointer, into sink: some PictureSink
  ) throws(Failure) {
    let picture = try AVIFPicture()
    try picture.open(bytes, sink)
    try picture.decode(into: sink)
  }

  private init() throws(Failure) {
    guard let decoder = avifDecoderCreate() else { throw Failure(.noResources, "out of memory") }
    self.decoder = decoder
  }

  deinit { avifDecoderDestroy(decoder) }

  /// Reads the header and announces what it claims.
  private func open(
    _ bytes: UnsafeRawBufferPointer, _ sink: some PictureSink
  ) throws(Failure) {
    decoder.pointee.maxThreads = 1
    decoder.pointee.ignoreExif = avifBool(AVIF_TRUE)
    decoder.pointee.ignoreXMP = avifBool(AVIF_TRUE)
    // Older writers left out boxes that a strict reader wants.
    decoder.pointee.strictFlags = avifStrictFlags(AVIF_STRICT_DISABLED.rawValue)
    decoder.pointee.imageDimensionLimit = 65_535
    // The most that libavif takes; what the sink takes is looked at below.
    decoder.pointee.imageSizeLimit = 1 << 28
    let start = bytes.bindMemory(to: UInt8.self).baseAddress
    try check(avifDecoderSetIOMemory(decoder, start, bytes.count))
    try check(avifDecoderParse(decoder))
    guard let image = decoder.pointee.image else { throw Failure(.corrupt, "no primary picture") }
    let count = try sink.count(width: Int(image.pointee.width), height: Int(image.pointee.height))
    // The AV1 data may hold more than the header says; its decoder is opened with this limit.
    decoder.pointee.imageSizeLimit = UInt32(clamping: count)
    try sink.expect(pixels: count)
  }

  private func decode(into sink: some PictureSink) throws(Failure) {
    try check(avifDecoderNextImage(decoder))
    guard let image = decoder.pointee.image else { throw Failure(.corrupt, "no pixels") }
    _ = try sink.count(width: Int(image.pointee.width), height: Int(image.pointee.height))
    let hasAlpha = image.pointee.alphaPlane != nil

    var colours = avifRGBImage()
    avifRGBImageSetDefaults(&colours, image)
    colours.depth = 8
    colours.format = hasAlpha ? AVIF_RGB_FORMAT_RGBA : AVIF_RGB_FORMAT_RGB
    avifRGBImageAllocatePixels(&colours)
    defer { avifRGBImageFreePixels(&colours) }
    guard colours.pixels != nil else { throw Failure(.corrupt, "its pixels need too much memory") }
    try check(avifImageYUVToRGB(image, &colours))

    let part = try Self.visiblePart(of: image)
    let head = PictureHead(
      width: Int(part.width), height: Int(part.height), channels: hasAlpha ? 4 : 3,
      orientation: Self.orientation(of: image.pointee))
    guard let pixels = colours.pixels else { return }
    let stride = Int(colours.rowBytes)
    let first = Int(part.y) * stride + Int(part.x) * head.channels
    try sink.begin(head)
    try sink.write(rows: pixels + first, stride: stride, head)
  }

  /// All of it, or what its `clap` box leaves.
  private static func visiblePart(
    of image: UnsafeMutablePointer<avifImage>
  ) throws(Failure) -> avifCropRect {
    let whole = avifCropRect(
      x: 0, y: 0, width: image.pointee.width, height: image.pointee.height)
    guard image.pointee.transformFlags & AVIF_TRANSFORM_CLAP.rawValue != 0 else { return whole }
    var part = avifCropRect()
    var reasons = avifDiagnostics()
    let isValid = avifCropRectConvertCleanApertureBox(
      &part, &image.pointee.clap, whole.width, whole.height, image.pointee.yuvFormat, &reasons)
    // One that leaves the picture is not followed, as browsers do.
    guard isValid != 0, part.width > 0, part.height > 0, part.x <= whole.width - part.width,
      part.y <= whole.height - part.height
    else { return whole }
    return part
  }

  /// Rotation (quarter turns counterclockwise), then mirroring (0 top and bottom, 1 left and right), as EXIF's value.
  private static func orientation(of image: avifImage) -> Int {
    let turns = image.transformFlags & AVIF_TRANSFORM_IROT.rawValue != 0 ? Int(image.irot.angle) : 0
    let plain = [1, 8, 3, 6]
    let topAndBottom = [4, 5, 2, 7]
    let leftAndRight = [2, 7, 4, 5]
    guard image.transformFlags & AVIF_TRANSFORM_IMIR.rawValue != 0 else { return plain[turns & 3] }
    return image.imir.mode == 0 ? topAndBottom[turns & 3] : leftAndRight[turns & 3]
  }

  private func check(_ result: avifResult) throws(Failure) {
    if result == AVIF_RESULT_OK { return }
    let detail = withUnsafeBytes(of: decoder.pointee.diag.error) {
      String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
    }
    let name = String(cString: avifResultToString(result))
    let message = detail.isEmpty ? name : "\(name): \(detail)"
    switch result {
    case AVIF_RESULT_TRUNCATED_DATA: throw Failure(.truncated, message)
    case AVIF_RESULT_UNSUPPORTED_DEPTH, AVIF_RESULT_NO_CODEC_AVAILABLE,
      AVIF_RESULT_NOT_IMPLEMENTED:
      throw Failure(.unsupported, message)
    default: throw Failure(.corrupt, message)
    }
  }
}
