import Files
import Synchronization

/// Photos as multipart/form-data (RFC 7578), made while it is sent: never as a whole in memory.
final class UploadForm: Sendable {
  private struct Part: Sendable {
    /// Where in the form its head begins.
    let start: Int
    let head: [UInt8]
    let photo: JobPhoto
    var end: Int { start + head.count + photo.bytes }
  }

  let boundary: String
  /// Bytes of all of it.
  let size: Int
  private let parts: [Part]
  private let tail: [UInt8]
  private let opened = Mutex<(index: Int, file: OpenFile)?>(nil)

  init(_ photos: [JobPhoto]) {
    boundary = "stance-\(UInt64.random(in: 0 ... .max))-\(UInt64.random(in: 0 ... .max))"
    var parts: [Part] = []
    var place = 0
    for photo in photos {
      // A head begins with the end of the line before it; the form's first line may be empty.
      let head =
        "\r\n--\(boundary)\r\nContent-Disposition: form-data; name=\"image\"; filename=\"\(Self.escaped(photo.name))\"\r\n"
        + "Content-Type: application/octet-stream\r\n\r\n"
      let part = Part(start: place, head: Array(head.utf8), photo: photo)
      parts.append(part)
      place = part.end
    }
    self.parts = parts
    tail = Array("\r\n--\(boundary)--\r\n".utf8)
    size = place + tail.count
  }

  /// As browsers write names (HTML, section 4.10.21.8).
  private static func escaped(_ name: String) -> String {
    String(
      name.map { character in
        switch character {
        case "\"": "%22"
        case "\r", "\n", "\r\n": "%0A"
        default: String(character)
        }
      }.joined())
  }

  /// Up to so many bytes from an offset on; none when a photo can't be read as it was.
  func bytes(at offset: Int, count: Int) -> [UInt8] {
    var low = 0
    var high = parts.count
    while low < high {
      let middle = (low + high) / 2
      if parts[middle].end <= offset { low = middle + 1 } else { high = middle }
    }
    guard low < parts.count else {
      let start = offset - (parts.last?.end ?? 0)
      return Array(tail.dropFirst(start).prefix(count))
    }
    let part = parts[low]
    let start = offset - part.start
    if start < part.head.count { return Array(part.head.dropFirst(start).prefix(count)) }
    let place = start - part.head.count
    guard let file = file(low) else { return [] }
    // What grew meanwhile is sent as it was counted.
    return (try? file.bytes(at: place, count: min(count, part.photo.bytes - place))) ?? []
  }

  private func file(_ index: Int) -> OpenFile? {
    opened.withLock { opened in
      if let opened, opened.index == index { return opened.file }
      guard let file = try? OpenFile(reading: parts[index].photo.path) else { return nil }
      opened = (index, file)
      return file
    }
  }
}
