import CFuzzer

/// What reads bytes of strangers, and how it is tried: an input that ends the program is a finding.
struct FuzzTarget: Sendable {
  let name: String
  let run: @Sendable ([UInt8]) -> Void

  static let all = [
    multipart, connection, request, websocket, messages, pictures, decoders, archives,
    frames,
  ]
}

/// `stance-fuzz --NAME` and libFuzzer's own options, which begin with one dash. Use `make fuzz`.
@main struct StanceFuzz {
  private static let target = FuzzTarget.all.first {
    CommandLine.arguments.contains("--\($0.name)")
  }

  static func main() {
    guard target != nil else {
      print("which target? " + FuzzTarget.all.map { "--\($0.name)" }.joined(separator: ", "))
      return
    }
    var count = CommandLine.argc
    var arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? = CommandLine.unsafeArgv
    _ = LLVMFuzzerRunDriver(&count, &arguments) { bytes, count in
      StanceFuzz.target?.run(Array(UnsafeBufferPointer(start: bytes, count: count)))
      return 0
    }
  }
}

extension ArraySlice<UInt8> {
  /// Takes the bytes up to a line's end and leaves what follows; nil without one.
  mutating func takeLine() -> String? {
    guard let end = firstIndex(of: UInt8(ascii: "\n")) else { return nil }
    let line = self[..<end]
    self = self[(end + 1)...]
    return String(decoding: line.last == UInt8(ascii: "\r") ? line.dropLast() : line, as: UTF8.self)
  }
}
