import Glibc
import PictureDecoders

/// This process's bound on memory.
struct Memory {
  /// What decoding a small picture may take beyond what is mapped already.
  private static let base = 96 << 20
  /// The decoder's planes and references, the picture in RGBA and its conversion.
  private static let perPixel = 32

  /// /proc/self/statm, open for the process's whole life: later no file can be opened.
  private let statistics: Int32

  init() throws(Failure) {
    statistics = open("/proc/self/statm", O_RDONLY | O_CLOEXEC)
    guard statistics >= 0 else { throw Failure(.noResources, "can't read /proc/self/statm") }
  }

  /// Lets the process grow by what a picture of this many pixels needs, and no more.
  ///
  /// The size in the header does not bind the decoders: 11 kB can claim 64x64 and hold 9000x5000.
  func bound(forPixels pixels: Int) throws(Failure) {
    try bound(growth: Self.base + Self.perPixel * pixels)
  }

  /// Lets the process grow by so many bytes, and no more.
  func bound(growth: Int) throws(Failure) {
    guard let mapped = mappedBytes() else {
      throw Failure(.noResources, "can't read /proc/self/statm")
    }
    var limit = rlimit()
    getrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit)
    let wanted = rlim_t(mapped + growth)
    limit.rlim_cur = min(limit.rlim_max, wanted)
    guard setrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit) == 0 else {
      throw Failure(.noResources, "can't bound its memory")
    }
  }

  /// The first number in /proc/self/statm counts mapped pages.
  private func mappedBytes() -> Int? {
    var buffer = [UInt8](repeating: 0, count: 256)
    let count = pread(statistics, &buffer, buffer.count, 0)
    guard count > 0 else { return nil }
    let digits = buffer[..<count].prefix { $0 != UInt8(ascii: " ") }
    return Int(String(decoding: digits, as: UTF8.self)).map {
      $0 * Int(sysconf(Int32(_SC_PAGESIZE)))
    }
  }
}
