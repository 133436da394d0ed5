import Glibc
import PictureDecoders

/// Standard input and output, whole.
enum StandardStreams {
  /// All of standard input.
  static func read(atMost limit: Int) throws(Failure) -> [UInt8] {
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 256 << 10)
    while true {
      let count = Glibc.read(0, &buffer, buffer.count)
      if count == 0 { return bytes }
      if count < 0 {
        if errno == EINTR { continue }
        throw Failure(.noResources, "can't read standard input")
      }
      guard bytes.count + count <= limit else {
        throw Failure(.tooLarge, "more than \(limit) bytes")
      }
      bytes.append(contentsOf: buffer[..<count])
    }
  }

  /// The bytes of standard input, which must be a regular file.
  static func inputSize() throws(Failure) -> Int {
    var status = stat()
    guard fstat(0, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      throw Failure(.unsupported, "standard input is no regular file")
    }
    return Int(status.st_size)
  }

  /// All of `bytes` to standard output.
  static func write(_ bytes: UnsafeRawBufferPointer) throws(Failure) {
    var sent = 0
    while sent < bytes.count {
      let count = Glibc.write(1, bytes.baseAddress.map { $0 + sent }, bytes.count - sent)
      if count < 0 {
        if errno == EINTR { continue }
        throw Failure(.noResources, "can't write standard output")
      }
      sent += count
    }
  }

  /// All of `bytes` to standard output.
  static func write(_ bytes: [UInt8]) throws(Failure) {
    let failure: Failure? = bytes.withUnsafeBytes { bytes in
      do throws(Failure) {
        try write(bytes)
        return nil
      } catch { return error }
    }
    if let failure { throw failure }
  }

  /// `text` to standard output.
  static func write(text: String) throws(Failure) { try write(Array(text.utf8)) }
}
