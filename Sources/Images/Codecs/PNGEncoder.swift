import CPNG
import PixelKernels

/// PNGs by libpng's simplified interface, in its fast mode: speed before size.
enum PNGEncoder {
  /// 8-bit RGB.
  static func encode(_ image: Image) throws(ImageError) -> [UInt8] {
    let byteCount = 3 * image.size.pixelCount
    let bgr = [UInt8](unsafeUninitializedCapacity: byteCount) { target, count in
      let target = UnsafeMutableBufferPointer(rebasing: target[..<byteCount])
      image.withPixels { Conversion.toBGR(bgrx: $0, into: target) }
      count = byteCount
    }
    return try write(bgr, image.size, UInt32(PNG_FORMAT_BGR), row: 3 * image.width)
  }

  /// 8-bit RGB with alpha.
  static func encode(_ image: TransparentImage) throws(ImageError) -> [UInt8] {
    try write(image.bgra, image.size, UInt32(PNG_FORMAT_BGRA), row: 4 * image.size.width)
  }

  /// 8-bit grey.
  static func encode(_ mask: Mask) throws(ImageError) -> [UInt8] {
    guard mask.size.width > 0, mask.size.height > 0 else {
      throw ImageError(.encodingFailed, "a mask of \(mask.size) pixels has no pixel")
    }
    return try write(mask.values, mask.size, UInt32(PNG_FORMAT_GRAY), row: mask.size.width)
  }

  private static func write(
    _ samples: [UInt8], _ size: ImageSize, _ format: UInt32, row: Int
  ) throws(ImageError) -> [UInt8] {
    try ImageFormat.png.checkSides(size, atMost: 1_000_000)
    var control = png_image()
    control.version = UInt32(PNG_IMAGE_VERSION)
    control.width = UInt32(size.width)
    control.height = UInt32(size.height)
    control.format = format
    control.flags = UInt32(PNG_IMAGE_FLAG_FAST)
    defer { png_image_free(&control) }
    let bound = stance_png_bound(control)
    let encoded = [UInt8](unsafeUninitializedCapacity: bound) { target, count in
      var written = bound
      let succeeded = png_image_write_to_memory(
        &control, target.baseAddress, &written, 0, samples, Int32(row), nil)
      count = succeeded != 0 ? written : 0
    }
    guard !encoded.isEmpty else {
      throw ImageError(.encodingFailed, "the PNG encoder failed: \(pngMessage(control))")
    }
    // Let the memory for the worst case go.
    return encoded.withUnsafeBufferPointer(Array.init)
  }
}
