import CJPEG
import Glibc

/// JPEGs written by libjpeg-turbo.
enum JPEGEncoder {
  /// A baseline JPEG with 4:2:0 colour.
  static func encode(_ image: Image, quality: Int) throws(ImageError) -> [UInt8] {
    try ImageFormat.jpeg.checkSides(image.size, atMost: 65535)
    var count = 0
    var message = [CChar](repeating: 0, count: 200)
    let encoded = image.withPixels {
      stance_jpeg_encode(
        $0.baseAddress, Int32(image.width), Int32(image.height), Int32(quality), &count, &message)
    }
    guard let encoded else {
      let reason = String(
        decoding: message.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
      throw ImageError(.encodingFailed, "the JPEG encoder failed: \(reason)")
    }
    defer { free(encoded) }
    return Array(UnsafeBufferPointer(start: encoded, count: count))
  }
}
