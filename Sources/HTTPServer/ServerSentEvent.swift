/// One event of a `text/event-stream` (https://html.spec.whatwg.org/multipage/server-sent-events.html).
package struct ServerSentEvent: Sendable {
  package static let mediaType = "text/event-stream"

  /// What browsers give no event for: it only shows that the connection lives.
  package static let heartbeat = Array(":\n\n".utf8)

  /// The type that listeners are registered for: one line.
  package var name: String
  /// A text of any lines.
  package var data: String
  /// What a client that comes back says it has seen: one line.
  package var id: String?

  package init(_ name: String, data: String, id: String? = nil) {
    (self.name, self.data, self.id) = (name, data, id)
  }

  /// As it is sent.
  package var bytes: [UInt8] {
    var text = "event: \(name)\n"
    if let id { text += "id: \(id)\n" }
    for line in data.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline) {
      text += "data: \(line)\n"
    }
    return Array((text + "\n").utf8)
  }
}
