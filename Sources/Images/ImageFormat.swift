/// A picture format, told by content, never by a file's name.
public enum ImageFormat: String, Sendable, Hashable, CaseIterable {
  case jpeg, png, webp, gif, tiff, bmp, heic, avif
}
