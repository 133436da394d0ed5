import CPNG
import PixelKernels

/// PNGs of every kind by libpng's simplified interface.
enum PNGDecoder {
  static func decode(_ bytes: [UInt8], _ size: ImageSize) throws -> Image {
    var reader = PNGReader()
    return try bytes.withUnsafeBytes { try reader.decode($0, size) }
  }
}

/// Owns what libpng allocates for one picture.
private struct PNGReader: ~Copyable {
  private var control = png_image()

  init() { control.version = UInt32(PNG_IMAGE_VERSION) }

  deinit {
    var control = control
    png_image_free(&control)
  }

  mutating func decode(_ bytes: UnsafeRawBufferPointer, _ size: ImageSize) throws -> Image {
    guard png_image_begin_read_from_memory(&control, bytes.baseAddress, bytes.count) != 0 else {
      throw failure()
    }
    guard Int(control.width) == size.width, Int(control.height) == size.height else {
      throw ImageFormat.png.corrupt("two sizes, \(size) and \(control.width)x\(control.height)")
    }
    let hasAlpha = control.format & PNG_FORMAT_FLAG_ALPHA != 0
    control.format = UInt32(PNG_FORMAT_BGRA)
    // Otherwise 16-bit files without a gamma are taken for linear and come out far too bright.
    control.flags |= UInt32(PNG_IMAGE_FLAG_16BIT_sRGB)
    return try Image(
      size: size,
      filledBy: { target in
        let row = Int32(4 * size.width)
        guard png_image_finish_read(&control, nil, target.baseAddress, row, nil) != 0 else {
          throw failure()
        }
        // libpng itself would compose in linear light; browsers do it in sRGB.
        if hasAlpha { Conversion.composeOnWhite(bgra: target) }
      })
  }

  private func failure() -> ImageError { ImageFormat.png.corrupt(pngMessage(control)) }
}

/// What libpng says went wrong.
func pngMessage(_ control: png_image) -> String {
  withUnsafeBytes(of: control.message) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
}
