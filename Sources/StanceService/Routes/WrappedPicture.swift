/// Pictures that are sent wrapped in something, which this service does not unwrap: what that is, and what to do.
enum WrappedPicture {
  /// How a picture is sent.
  static let advice =
    "send the picture's own bytes, as curl --data-binary @photo.jpg does, or a form, as curl -F image=@photo.jpg does"

  /// The first characters of pictures in base64: JPEG, PNG, GIF, WebP.
  private static let base64 = ["/9j/", "iVBORw0KGgo", "R0lGOD", "UklGR"]
  /// Bytes that are looked at.
  private static let looked = 512

  /// - Throws: `Problem` with `unreadable_image` that says what is there in a picture's place, where that is known.
  static func check(_ photo: [UInt8]) throws(Problem) {
    // No picture begins like this: it would not be text.
    guard let text = String(validating: photo.prefix(16).prefix { $0 < 0x80 }, as: UTF8.self),
      let what = name(of: text.drop { $0.isWhitespace }, photo)
    else { return }
    throw Problem(.unreadableImage, "\(what) was sent and not a picture; \(advice)")
  }

  private static func name(of start: Substring, _ photo: [UInt8]) -> String? {
    if start.hasPrefix("data:") { return "a data URL" }
    if base64.contains(where: { start.hasPrefix($0) }) { return "base64" }
    if start.hasPrefix("{") || start.hasPrefix("[") || start.hasPrefix("\"") { return "JSON" }
    if start.hasPrefix("--") {
      let head = String(decoding: photo.prefix(looked), as: UTF8.self).lowercased()
      return head.contains("content-disposition")
        ? "a form whose Content-Type is not that of a form (let the HTTP library set it)" : nil
    }
    let isField = start.prefixMatch(of: /[A-Za-z_][A-Za-z0-9_]*=/) != nil
    return isField ? "a form without files (application/x-www-form-urlencoded)" : nil
  }
}
