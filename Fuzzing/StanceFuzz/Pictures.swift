import Images

extension FuzzTarget {
  /// A picture: what can be decoded has the size that its header says, and no pixel is left unwritten.
  ///
  /// GIF, TIFF, BMP, HEIC and AVIF up to the process that would decode them: `decoders` goes on from there.
  static let pictures = FuzzTarget(name: "pictures") { input in
    let limits = ImageLimits(maxPixels: 1 << 16)
    let tools = DecodingTools(ffmpeg: "/nonexistent", helper: nil)
    for reduction in [1, 8] {
      do {
        let photo = try EncodedImage(input, limits: limits)
        let image = try photo.decode(reduction: reduction, tools: tools)
        check(image, photo, reduction)
      } catch { precondition(error is ImageError, "\(error)") }
    }
  }

  private static func check(_ image: Image, _ photo: EncodedImage, _ reduction: Int) {
    guard let size = photo.size else { return }
    let divisor = photo.format == .jpeg ? reduction : 1
    let expected = ImageSize(
      width: (size.width + divisor - 1) / divisor, height: (size.height + divisor - 1) / divisor)
    precondition(image.size == expected, "\(image.size), not \(expected)")
    // The fourth byte of a pixel is 255; the sanitizer fills fresh memory with other bytes.
    let isWhole = stride(from: 3, to: image.bgrx.count, by: Image.bytesPerPixel)
      .allSatisfy { image.bgrx[$0] == 255 }
    precondition(isWhole, "a pixel was not written")
  }
}
