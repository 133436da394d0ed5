import Glibc
import Synchronization

enum Tuning {
  static let values: [String: Float] = {
    atexit { Tuning.report() }
    guard let text = getenv("TUNE") else { return [:] }
    var values: [String: Float] = [:]
    for part in String(cString: text).split(separator: ",") {
      let pair = part.split(separator: "=")
      if pair.count == 2 { values[String(pair[0])] = Float(pair[1]) }
    }
    return values
  }()
  static func value(_ name: String, _ standard: Float) -> Float { values[name] ?? standard }
  static func on(_ name: String) -> Bool { value(name, 0) != 0 }
  static let stage = Mutex<String>("")
  static var now: String { stage.withLock { $0 } }
  static func at(_ name: String) { stage.withLock { $0 = name } }
  static let counts = Mutex<[String: (Int, Double)]>([:])
  static func counted<R>(_ name: String, _ body: () throws -> R) rethrows -> R {
    let start = ContinuousClock.now
    defer {
      let time = ContinuousClock.now - start
      let ms = Double(time.components.attoseconds) / 1e15 + Double(time.components.seconds) * 1e3
      counts.withLock { let old = $0[name] ?? (0, 0); $0[name] = (old.0 + 1, old.1 + ms) }
    }
    return try body()
  }
  static func report() {
    guard getenv("TUNE_REPORT") != nil else { return }
    for (name, value) in counts.withLock({ $0 }).sorted(by: { $0.key < $1.key }) {
      let line = "\(name) \(value.0) \(Int(value.1))\n"
      _ = line.withCString { write(2, $0, strlen($0)) }
    }
  }
}
