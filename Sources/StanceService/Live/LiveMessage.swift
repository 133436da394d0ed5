import FoundationEssentials
import Options

/// A client's text message.
enum LiveMessage: Sendable {
  /// Number and time, in seconds, of the next binary message.
  case announcement(number: Int?, time: Double?)
  /// Other options from the next frame on.
  case options([String: [String]?])
  /// Everybody is forgotten.
  case reset
  /// Who is not known yet shows a key.
  case key(String)

  /// Bytes of a text.
  static let maxBytes = 4 << 10

  /// - Throws: `Problem` with `bad_parameter`.
  init(_ text: String) throws(Problem) {
    let members: Members
    do {
      members = try JSONDecoder().decode(Members.self, from: Data(text.utf8))
    } catch let error as JSONWords.Refusal {
      throw Problem(.badParameter, "\(error.key): \(error.message)")
    } catch {
      throw Self.refusal
    }
    switch (members.frame ?? members.time, members.options, members.reset, members.key) {
    case (.some, nil, nil, nil):
      self = .announcement(
        number: try members.frame.map(Self.number), time: try members.time.map(Self.time))
    case (nil, let options?, nil, nil):
      self = .options(options.mapValues { $0?.words })
    case (nil, nil, true, nil):
      self = .reset
    case (nil, nil, nil, let key?):
      self = .key(key)
    default:
      throw Self.refusal
    }
  }

  private static let refusal = Problem(
    .badParameter,
    #"a text message is {"frame": 12, "time": 0.4004}, {"options": {…}} or {"reset": true}"#)

  /// Whole, and exact in JavaScript.
  private static func number(_ number: Double) throws(Problem) -> Int {
    guard let whole = Int(exactly: number), (0...(1 << 53)).contains(whole) else {
      throw Problem(.badParameter, "frame is \(number); it must be a whole number from 0 on")
    }
    return whole
  }

  private static func time(_ time: Double) throws(Problem) -> Double {
    guard time.isFinite, abs(time) <= 1e9 else {
      throw Problem(.badParameter, "time is \(time); it must be seconds, from -1e9 to 1e9")
    }
    return time
  }
}

/// The members that there are, and no other.
private struct Members: Decodable {
  private enum Key: String, CodingKey { case frame, time, options, reset, key }
  private struct AnyKey: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }
    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }

  let frame, time: Double?
  let options: [String: JSONWords?]?
  let reset: Bool?
  let key: String?

  init(from decoder: any Decoder) throws {
    for name in try decoder.container(keyedBy: AnyKey.self).allKeys
    where Key(stringValue: name.stringValue) == nil {
      throw DecodingError.dataCorrupted(.init(codingPath: [name], debugDescription: "unknown"))
    }
    let members = try decoder.container(keyedBy: Key.self)
    frame = try members.decodeIfPresent(Double.self, forKey: .frame)
    time = try members.decodeIfPresent(Double.self, forKey: .time)
    options = try members.decodeIfPresent([String: JSONWords?].self, forKey: .options)
    reset = try members.decodeIfPresent(Bool.self, forKey: .reset)
    key = try members.decodeIfPresent(String.self, forKey: .key)
  }
}
