import Synchronization

/// Answers of a bounded total size; the one that was not asked for longest goes first.
final class AnswerCache<Key: Hashable & Sendable, Value: Sendable>: Sendable {
  private struct Entry {
    let value: Value
    let size: Int
    var lastUse: Int
  }

  private struct State {
    var entries: [Key: Entry] = [:]
    var keysByUse: [Int: Key] = [:]
    var oldestUse = 0
    var uses = 0
    var bytes = 0
  }

  /// Bytes that all answers together may have.
  let limit: Int
  private let state = Mutex(State())

  /// - Parameter limit: in bytes; 0 keeps nothing.
  init(limit: Int) { self.limit = limit }

  /// Bytes of all answers, and how many they are.
  var size: (bytes: Int, count: Int) { state.withLock { ($0.bytes, $0.entries.count) } }

  /// The answer to these bytes and options, if it is there.
  func value(for key: Key) -> Value? {
    state.withLock { state in
      guard var entry = state.entries[key] else { return nil }
      state.keysByUse[entry.lastUse] = nil
      entry.lastUse = Self.nextUse(of: key, &state)
      state.entries[key] = entry
      return entry.value
    }
  }

  /// Keeps an answer of `size` bytes; one larger than an eighth of the limit is not kept, so that a few cannot
  /// push all others out.
  func insert(_ value: Value, for key: Key, size: Int) {
    guard size <= limit / 8 else { return }
    state.withLock { state in
      if let old = state.entries.removeValue(forKey: key) {
        state.keysByUse[old.lastUse] = nil
        state.bytes -= old.size
      }
      let use = Self.nextUse(of: key, &state)
      state.entries[key] = Entry(value: value, size: size, lastUse: use)
      state.bytes += size
      while state.bytes > limit { Self.removeOldest(&state) }
    }
  }

  private static func nextUse(of key: Key, _ state: inout State) -> Int {
    state.uses += 1
    state.keysByUse[state.uses] = key
    return state.uses
  }

  /// Uses are numbered, so the oldest is found by counting up from the last one that was removed.
  private static func removeOldest(_ state: inout State) {
    while state.oldestUse <= state.uses {
      defer { state.oldestUse += 1 }
      guard let key = state.keysByUse.removeValue(forKey: state.oldestUse) else { continue }
      if let entry = state.entries.removeValue(forKey: key) { state.bytes -= entry.size }
      return
    }
  }
}
