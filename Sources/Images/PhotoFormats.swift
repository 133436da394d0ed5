/// File name extensions of pictures, in small letters.
package enum PhotoFormats {
  /// Formats that can be written.
  package static let writable: [String: ImageFormat] = [
    "jpg": .jpeg, "jpeg": .jpeg, "jpe": .jpeg, "jfif": .jpeg, "png": .png, "webp": .webp,
  ]
  /// Those of ``writable`` whose formats hold transparency.
  package static let transparent = Set(
    writable.filter { ImageEncoder.transparentFormats.contains($0.value) }.keys)
  /// Formats that can be read, those of ``writable`` too.
  package static let readable = Set(writable.keys).union([
    "gif", "tif", "tiff", "bmp", "heic", "heif", "hif", "avif",
  ])

  /// Whether the file's name ends like a format that holds transparency.
  package static func holdsTransparency(_ path: String) -> Bool {
    fileExtension(of: path).map(transparent.contains) ?? false
  }

  /// The part after the name's last dot in small letters; nil without one (".profile" has none).
  package static func fileExtension(of path: String) -> String? {
    let name = path[(path.lastIndex(of: "/").map(path.index(after:)) ?? path.startIndex)...]
    guard let dot = name.lastIndex(of: "."), dot > name.startIndex else { return nil }
    let text = name[name.index(after: dot)...]
    return text.isEmpty ? nil : text.lowercased()
  }
}
