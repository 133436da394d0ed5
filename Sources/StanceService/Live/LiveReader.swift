import HTTPServer
import Telemetry

/// Makes entries of a client's messages: gives frames their numbers and times, and reads options.
struct LiveReader {
  private(set) var parameters: LiveParameters
  /// From which times of arrival count.
  private var zero: ContinuousClock.Instant
  private var nextNumber = 0
  private var announced: (number: Int?, time: Double?)

  init(_ parameters: LiveParameters, at now: ContinuousClock.Instant) {
    (self.parameters, zero) = (parameters, now)
  }

  /// What a message asks for; nil: nothing yet.
  mutating func entry(
    for message: WebSocketMessage, at now: ContinuousClock.Instant
  ) -> LiveEntry? {
    switch message {
    case .binary(let bytes):
      let number = announced.number ?? nextNumber
      let time = announced.time ?? (now - zero) / .seconds(1)
      nextNumber = number + 1
      announced = (nil, nil)
      return .frame(LiveFrame(number: number, time: time, bytes: bytes, arrived: now))
    case .text(let text):
      do throws(Problem) { return try entry(for: LiveMessage(text), at: now) } catch {
        return .notice(["error": error.json])
      }
    }
  }

  private mutating func entry(
    for message: LiveMessage, at now: ContinuousClock.Instant
  ) throws(Problem) -> LiveEntry? {
    switch message {
    case .announcement(let number, let time):
      announced = (number, time)
      return nil
    case .options(let given):
      try parameters.read(options: given)
      return .options(parameters)
    case .reset:
      (zero, nextNumber, announced) = (now, 0, (nil, nil))
      return .reset
    // Where none is asked for, or once more, it changes nothing.
    case .key: return nil
    }
  }
}
