/// A connection to wait for work by: at a stream of one entry, which the scripts renew when something can be claimed.
final class RedisLine {
  private let connection: RedisConnection
  private var last = "$"

  init(_ connection: RedisConnection) { self.connection = connection }

  /// Whether there was a new entry within `time`.
  func wait(atMost time: Duration) throws(ConnectionError) -> Bool {
    let milliseconds = max(1, Int64(time / .milliseconds(1)))
    connection.callDeadline = nil
    let reply = try connection.send(
      ["XREAD", "BLOCK", .integer(milliseconds), "STREAMS", "{stance}:bell", .text(last)],
      within: time + .seconds(5))
    // [[stream, [[id, fields]]]]
    guard let id = reply.elements.first?.elements.last?.elements.last?.elements.first?.text else {
      return false
    }
    last = id
    return true
  }
}
