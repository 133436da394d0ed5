import Dispatch
import Glibc
import Synchronization

/// One line a happening, as text for people or JSON for programs.
///
/// Lines are written by a thread of their own, so that a reader who stops reading never stops the program: beyond
/// ``maxWaiting`` lines are dropped, and their number is told when there is room again.
package final class Log: Sendable {
  /// How lines look.
  package enum Format: String, Sendable, CaseIterable { case text, json }

  /// How much a line matters.
  package enum Level: String, Sendable { case info, warning, error }

  /// Lines that may wait for a slow reader.
  package static let maxWaiting = 4096

  private let format: Format
  private let write: @Sendable (String) -> Void
  private let queue = DispatchQueue(label: "stance.log")
  private let state = Mutex((waiting: 0, dropped: 0))

  /// A log whose lines, each with its line break, go to `write`, one at a time.
  package init(_ format: Format, write: @escaping @Sendable (String) -> Void) {
    (self.format, self.write) = (format, write)
  }

  /// Nothing is kept.
  package static let none = Log(.text) { _ in }

  /// Adds a line: a constant message and what belongs to it.
  package func callAsFunction(
    _ level: Level = .info, _ message: StaticString,
    _ fields: [(name: String, value: JSONValue)] = []
  ) {
    let dropped = state.withLock { state -> Int? in
      guard state.waiting < Self.maxWaiting else {
        state.dropped += 1
        return nil
      }
      state.waiting += 1
      defer { state.dropped = 0 }
      return state.dropped
    }
    guard let dropped else { return }
    let fields = dropped == 0 ? fields : fields + [(name: "droppedLines", value: .integer(dropped))]
    let time = WallClock.now
    queue.async { [self] in
      write(line(time, level, message, fields))
      state.withLock { $0.waiting -= 1 }
    }
  }

  /// Waits until every line so far is written. Blocks: not for the shared pool.
  package func flush() { queue.sync {} }

  private func line(
    _ time: WallClock, _ level: Level, _ message: StaticString,
    _ fields: [(name: String, value: JSONValue)]
  ) -> String {
    switch format {
    case .json:
      let head: [(name: String, value: JSONValue)] = [
        ("time", .text(time.iso8601)), ("level", .text(level.rawValue)),
        ("message", .text("\(message)")),
      ]
      return JSONValue.object(head + fields).description + "\n"
    case .text:
      let mark = level == .info ? "" : " \(level.rawValue.uppercased())"
      let words = fields.map { "\($0.name)=\(Self.word($0.value))" }
      return (["\(time.timeOfDay)\(mark) \(message)"] + words).joined(separator: " ") + "\n"
    }
  }

  /// A text stands bare where that can't be misread.
  private static func word(_ value: JSONValue) -> String {
    guard case .text(let text) = value, !text.isEmpty,
      text.unicodeScalars.allSatisfy({
        $0.value > 0x20 && $0.value < 0x7f && $0 != "\"" && $0 != "="
      })
    else { return value.description }
    return text
  }
}

/// A moment, in UTC.
package struct WallClock: Sendable {
  private let seconds: Int
  private let milliseconds: Int

  static var now: WallClock {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return WallClock(seconds: time.tv_sec, milliseconds: time.tv_nsec / 1_000_000)
  }

  /// Seconds since 1970, as far as the year has four digits.
  package init(_ seconds: Double) {
    let whole = min(max(seconds.isFinite ? seconds : 0, 0), 253_402_300_799.999)
    self.init(
      seconds: Int(whole), milliseconds: Int((whole * 1000).truncatingRemainder(dividingBy: 1000)))
  }

  init(seconds: Int, milliseconds: Int) {
    (self.seconds, self.milliseconds) = (seconds, milliseconds)
  }

  /// "2026-11-24T09:42:23.120Z".
  package var iso8601: String {
    let parts = broken
    let date = [Int(parts.tm_year) + 1900, Int(parts.tm_mon) + 1, Int(parts.tm_mday)]
    return date.map { $0.padded(2) }.joined(separator: "-") + "T\(timeOfDay)Z"
  }

  /// "09:42:23.120".
  var timeOfDay: String {
    let parts = broken
    let clock = [parts.tm_hour, parts.tm_min, parts.tm_sec].map { Int($0).padded(2) }
    return clock.joined(separator: ":") + "." + milliseconds.padded(3)
  }

  private var broken: tm {
    var seconds = seconds
    var parts = tm()
    gmtime_r(&seconds, &parts)
    return parts
  }
}

extension Int {
  fileprivate func padded(_ width: Int) -> String {
    let digits = description
    return String(repeating: "0", count: Swift.max(0, width - digits.count)) + digits
  }
}
