/// A picture format, told by content, never by a file's name.
public enum ImageFormat: String, Sendable, Hashable, CaseIterable {
  case jpeg, png, webp, gif, tiff, bmp, heic, avif
}

extension ImageFormat {
  /// The format of content that begins with these bytes; nil for what is no picture that is read.
  package init?(of content: [UInt8]) {
    guard case .image(let format) = ContentType(HeaderBytes(content)) else { return nil }
    self = format
  }
}
