import Glibc

/// This process's bound on memory.
enum Memory {
  /// What decoding a small picture may take beyond what is mapped already.
  private static let base = 96 << 20
  /// The decoder's planes and references, the picture in RGBA and its conversion.
  private static let perPixel = 32

  /// Lets the process grow by what a picture of this many pixels needs, and no more.
  ///
  /// The size in the header does not bind the decoders: 11 kB can claim 64x64 and hold 9000x5000.
  static func bound(forPixels pixels: Int) throws(Failure) {
    guard let mapped = mappedBytes() else { throw Failure(.broken, "can't read /proc/self/statm") }
    var limit = rlimit()
    getrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit)
    limit.rlim_cur = min(limit.rlim_max, rlim_t(mapped + base + perPixel * pixels))
    guard setrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit) == 0 else {
      throw Failure(.broken, "can't bound its memory")
    }
  }

  /// The first number in /proc/self/statm counts mapped pages.
  private static func mappedBytes() -> Int? {
    let descriptor = open("/proc/self/statm", O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var buffer = [UInt8](repeating: 0, count: 256)
    let count = read(descriptor, &buffer, buffer.count)
    guard count > 0 else { return nil }
    let digits = buffer[..<count].prefix { $0 != UInt8(ascii: " ") }
    return Int(String(decoding: digits, as: UTF8.self)).map {
      $0 * Int(sysconf(Int32(_SC_PAGESIZE)))
    }
  }
}
