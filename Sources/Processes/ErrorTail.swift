import Glibc

/// A child's standard error, of which the last 16 KiB are kept.
struct ErrorTail: ~Copyable {
  private static let kept = 16 << 10
  /// Bounded: a writer without end must not keep its reader from its deadline.
  private static let readsAtOnce = 8

  private var end: Descriptor?
  private var bytes: [UInt8] = []
  private var buffer = [UInt8](repeating: 0, count: 64 << 10)

  init(_ descriptor: consuming Descriptor) { end = consume descriptor }

  /// For poll(2): -1 once it has ended.
  var descriptor: Int32 { Descriptor.raw(of: end) }

  /// What is kept, with U+FFFD for what is no UTF-8.
  var text: String { String(decoding: bytes.suffix(Self.kept), as: UTF8.self) }

  /// Whether anything was written.
  var isEmpty: Bool { bytes.isEmpty }

  /// What is kept, and keeps it no longer.
  mutating func take() -> String {
    defer { bytes = [] }
    return text
  }

  /// Takes what is there, without waiting.
  mutating func drain() throws(ProcessError) {
    guard let descriptor = end.take() else { return }
    for _ in 0..<Self.readsAtOnce {
      guard let count = try descriptor.read(into: &buffer) else { break }
      if count == 0 { return }
      bytes.append(contentsOf: buffer[..<count])
      if bytes.count > 2 * Self.kept { bytes.removeFirst(bytes.count - Self.kept) }
    }
    end = consume descriptor
  }
}
