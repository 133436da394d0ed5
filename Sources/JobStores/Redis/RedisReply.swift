import CHiredis

/// What a Redis server answers.
package enum RedisReply: Sendable, Hashable {
  case null
  case integer(Int64)
  /// "OK".
  case status(String)
  case bytes([UInt8])
  case array([RedisReply])
  /// An error in the place of an element; one in the place of the whole reply is thrown.
  case error(String)

  /// The elements of an array; none otherwise.
  package var elements: [RedisReply] {
    if case .array(let elements) = self { elements } else { [] }
  }

  /// A number, also one that is written as text.
  package var number: Int64? {
    switch self {
    case .integer(let number): number
    case .status, .bytes: text.flatMap { Int64($0) }
    case .null, .array, .error: nil
    }
  }

  /// Text, with U+FFFD for what is no UTF-8.
  package var text: String? {
    switch self {
    case .status(let text): text
    case .bytes(let bytes): String(decoding: bytes, as: UTF8.self)
    case .null, .integer, .array, .error: nil
    }
  }

  /// Bytes.
  package var bytes: [UInt8]? {
    if case .bytes(let bytes) = self { bytes } else { nil }
  }

  /// Copies hiredis' reply.
  init(_ reply: UnsafePointer<stance_redis_reply>) {
    let reply = reply.pointee
    var bytes: [UInt8] { Array(UnsafeRawBufferPointer(start: reply.text, count: reply.length)) }
    self =
      switch Int(reply.type) {
      case stance_redis_integer: .integer(reply.integer)
      case stance_redis_status: .status(String(decoding: bytes, as: UTF8.self))
      case stance_redis_error: .error(String(decoding: bytes, as: UTF8.self))
      case stance_redis_string: .bytes(bytes)
      case stance_redis_array:
        .array(
          (0..<reply.count).map { number in
            reply.elements.map { RedisReply($0[number]) } ?? .null
          })
      default: .null
      }
  }
}

/// A word of a command.
package enum RedisWord: Sendable, Hashable, ExpressibleByStringInterpolation,
  ExpressibleByIntegerLiteral
{
  case text(String)
  case integer(Int64)
  case bytes([UInt8])

  package init(stringLiteral value: String) { self = .text(value) }
  package init(integerLiteral value: Int64) { self = .integer(value) }

  var encoded: [UInt8] {
    switch self {
    case .text(let text): Array(text.utf8)
    case .integer(let number): Array(String(number).utf8)
    case .bytes(let bytes): bytes
    }
  }
}
