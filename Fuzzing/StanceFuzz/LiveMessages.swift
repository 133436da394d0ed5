import HTTPServer
import Telemetry

@testable import StanceService

extension FuzzTarget {
  /// Text messages of `/v1/live`, one a line: each is understood or refused as the client's mistake, and options that
  /// are told can be sent back as they are.
  static let messages = FuzzTarget(name: "messages") { input in
    var reader = LiveReader(LiveParameters(ServiceConfiguration()), at: .now)
    var rest = input[...] + [UInt8(ascii: "\n")]
    while let line = rest.takeLine() {
      switch reader.entry(for: .text(line), at: .now) {
      case nil, .reset: break
      case .notice(let notice):
        let text = notice.description
        precondition(text.contains("\"bad_parameter\"") && text.utf8.count < 16 << 10, text)
      case .options(let told): checkReadable(told)
      case .frame, .dropped, .failed: preconditionFailure("\(line) is no text")
      }
      guard case .frame(let frame) = reader.entry(for: .binary([]), at: .now) else {
        preconditionFailure("a binary message is a frame")
      }
      precondition(frame.number >= 0 && frame.time.isFinite, "\(frame)")
    }
  }

  private static func checkReadable(_ told: LiveParameters) {
    var reader = LiveReader(LiveParameters(ServiceConfiguration()), at: .now)
    let message = JSONValue.object([(name: "options", value: told.json)]).description
    // Regions and the like may be more than a message can hold.
    guard message.utf8.count <= LiveMessage.maxBytes else { return }
    guard case .options(let read) = reader.entry(for: .text(message), at: .now) else {
      preconditionFailure("not understood any more: \(message)")
    }
    precondition(read.json.description == told.json.description, message)
  }
}
