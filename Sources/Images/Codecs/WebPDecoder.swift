import CWebP
import PixelKernels

/// WebP by libwebp; of an animation the first frame.
enum WebPDecoder {
  static func decode(_ bytes: [UInt8], _ size: ImageSize, isAnimated: Bool) throws -> Image {
    try Image(
      size: size,
      filledBy: { target in
        if isAnimated {
          try WebPAnimation(bytes).firstFrame(into: target, size)
        } else {
          try still(bytes, into: target, size)
        }
        // A picture without alpha comes out opaque, which composing leaves as it is.
        Conversion.composeOnWhite(bgra: target)
      })
  }

  private static func still(
    _ bytes: [UInt8], into target: UnsafeMutableBufferPointer<UInt8>, _ size: ImageSize
  ) throws(ImageError) {
    var configuration = WebPDecoderConfig()
    guard WebPInitDecoderConfig(&configuration) != 0 else {
      throw ImageError(.corrupt, "libwebp is of another version than its header")
    }
    configuration.output.colorspace = MODE_BGRA
    configuration.output.is_external_memory = 1
    configuration.output.u.RGBA.rgba = target.baseAddress
    configuration.output.u.RGBA.stride = Int32(4 * size.width)
    configuration.output.u.RGBA.size = target.count
    let status = WebPDecode(bytes, bytes.count, &configuration)
    WebPFreeDecBuffer(&configuration.output)
    switch status {
    case VP8_STATUS_OK:
      return
    case VP8_STATUS_NOT_ENOUGH_DATA, VP8_STATUS_SUSPENDED:
      throw ImageFormat.webp.truncated("in its pixels")
    default:
      throw ImageFormat.webp.corrupt("its pixels can't be decoded (status \(status.rawValue))")
    }
  }
}

/// An animation's decoder; borrows the bytes, so it must not outlive them.
private struct WebPAnimation: ~Copyable {
  private let bytes: [UInt8]

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  borrowing func firstFrame(
    into target: UnsafeMutableBufferPointer<UInt8>, _ size: ImageSize
  ) throws(ImageError) {
    let outcome: ImageError? = bytes.withUnsafeBufferPointer { buffer in
      var options = WebPAnimDecoderOptions()
      guard WebPAnimDecoderOptionsInit(&options) != 0 else {
        return ImageError(.corrupt, "libwebpdemux is of another version than its header")
      }
      options.color_mode = MODE_BGRA
      options.use_threads = 0
      var data = WebPData(bytes: buffer.baseAddress, size: buffer.count)
      guard let decoder = WebPAnimDecoderNew(&data, &options) else {
        return ImageFormat.webp.corrupt("its animation can't be read")
      }
      defer { WebPAnimDecoderDelete(decoder) }
      var information = WebPAnimInfo()
      var frame: UnsafeMutablePointer<UInt8>?
      var time: Int32 = 0
      guard WebPAnimDecoderGetInfo(decoder, &information) != 0,
        Int(information.canvas_width) == size.width, Int(information.canvas_height) == size.height,
        WebPAnimDecoderGetNext(decoder, &frame, &time) != 0, let frame
      else { return ImageFormat.webp.corrupt("its first frame can't be decoded") }
      target.baseAddress?.update(from: frame, count: target.count)
      return nil
    }
    if let outcome { throw outcome }
  }
}
