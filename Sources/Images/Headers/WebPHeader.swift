import CWebP

/// The chunks of a WebP: RFC 9649.
enum WebPHeader {
  static func read(_ bytes: HeaderBytes) throws(ImageError) -> ImageHeader {
    guard bytes.count >= 20, let length = bytes.number(4, width: 4, .little) else {
      throw ImageFormat.webp.truncated("in its header")
    }
    var header = ImageHeader()
    header.stored = try size(bytes, &header)
    // Chunks have even lengths; some writers leave the last padding byte out of the file.
    guard length + 8 <= bytes.count + 1 else {
      throw ImageFormat.webp.truncated("with \(bytes.count) of its \(length + 8) bytes")
    }
    header.orientation = orientation(bytes)
    return header
  }

  private static func size(
    _ bytes: HeaderBytes, _ header: inout ImageHeader
  ) throws(ImageError) -> ImageSize {
    var features = WebPBitstreamFeatures()
    let status = bytes.withBytes { WebPGetFeatures($0.baseAddress, $0.count, &features) }
    switch status {
    case VP8_STATUS_OK: break
    case VP8_STATUS_NOT_ENOUGH_DATA: throw ImageFormat.webp.truncated("in its header")
    default: throw ImageFormat.webp.corrupt("its header makes no sense")
    }
    header.isAnimated = features.has_animation != 0
    return ImageSize(width: Int(features.width), height: Int(features.height))
  }

  private static func orientation(_ bytes: HeaderBytes) -> Orientation {
    var tags = OrientationTags()
    var offset = 12
    while let length = bytes.number(offset + 4, width: 4, .little),
      let content = bytes.part(offset + 8, length: length)
    {
      if bytes.has("EXIF", at: offset) {
        tags.add(exif: content)
      } else if bytes.has("XMP ", at: offset) {
        tags.add(xmp: content)
      }
      offset += 8 + length + length % 2
    }
    return tags.orientation
  }
}
