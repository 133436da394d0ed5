/// The bytes of a request that sends a photo and wants JSON.
enum PhotoRequest {
  /// - Parameter field: of a form; nil: the body is the photo itself.
  static func bytes(of photo: [UInt8], to target: String, field: String?) -> [UInt8] {
    guard let field else { return message(target, type: "image/jpeg", body: photo) }
    let boundary = "stance-benchmark-4b1d7f0e"
    let head =
      "--\(boundary)\r\nContent-Disposition: form-data; name=\"\(field)\"; filename=\"photo.jpg\"\r\n"
      + "Content-Type: image/jpeg\r\n\r\n"
    return message(
      target, type: "multipart/form-data; boundary=\(boundary)",
      body: Array(head.utf8) + photo + Array("\r\n--\(boundary)--\r\n".utf8))
  }

  private static func message(_ target: String, type: String, body: [UInt8]) -> [UInt8] {
    let head =
      "POST \(target) HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: application/json\r\n"
      + "Content-Type: \(type)\r\nContent-Length: \(body.count)\r\n\r\n"
    return Array(head.utf8) + body
  }
}
