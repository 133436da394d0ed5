import CJPEG
import PixelKernels

/// JPEGs read by libjpeg-turbo.
///
/// What libjpeg warns of is an error when pixels are lost by it, and harmless otherwise.
enum JPEGDecoder {
  /// The picture as it is stored, at 1/`reduction` of its size.
  ///
  /// The integer transform and smooth colour upsampling are libjpeg's defaults and those of OpenCV and Pillow: the same
  /// bytes come out.
  static func decode(_ bytes: [UInt8], _ size: ImageSize, _ reduction: Int) throws -> Image {
    let reduced = ImageSize(
      width: (size.width + reduction - 1) / reduction,
      height: (size.height + reduction - 1) / reduction)
    return try Image(
      size: reduced,
      filledBy: { target in
        var holdsInks = false
        let report = read(bytes, size, reduction, into: target, &holdsInks)
        try check(report)
        if report.left_over > 0,
          try !JPEGLeftOver(bytes, size, report).isHarmless()
        {
          throw ImageFormat.jpeg.corrupt(
            "\(report.left_over) bytes are left over after its last row")
        }
        if holdsInks { Conversion.toBGRX(invertedCMYK: target) }
      })
  }

  private static func read(
    _ bytes: [UInt8], _ size: ImageSize, _ reduction: Int,
    into target: UnsafeMutableBufferPointer<UInt8>?, _ holdsInks: inout Bool
  ) -> stance_jpeg_report {
    var report = stance_jpeg_report()
    stance_jpeg_decode(
      bytes, bytes.count, Int32(size.width), Int32(size.height), Int32(reduction),
      target?.baseAddress, &holdsInks, &report)
    return report
  }

  /// What libjpeg reads at most, in pixels.
  static let longestSide = 65500

  /// What reading a file comes to, without its pixels.
  static func skim(_ bytes: [UInt8], _ size: ImageSize, reduction: Int) -> stance_jpeg_report {
    var holdsInks = false
    return read(bytes, size, reduction, into: nil, &holdsInks)
  }

  private static func check(_ report: stance_jpeg_report) throws(ImageError) {
    switch report.status {
    case stance_jpeg_whole: return
    case stance_jpeg_truncated: throw ImageFormat.jpeg.truncated("in its pixels")
    default: throw ImageFormat.jpeg.corrupt(message(report))
    }
  }

  private static func message(_ report: stance_jpeg_report) -> String {
    withUnsafeBytes(of: report.message) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
  }
}
