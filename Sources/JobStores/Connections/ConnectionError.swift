/// Why a store's server could not be used. No password is ever in it.
package struct ConnectionError: Error, Sendable, CustomStringConvertible {
  /// What kind of failure it was.
  package enum Kind: Sendable, Hashable {
    /// The client's library is not installed.
    case missingLibrary
    /// The address, or a file it names, can't be used.
    case badAddress
    /// There is no connection, or it was lost or too slow. Whether the last command was done is unknown; the connection is of no
    /// more use, another may be.
    case lost
    /// The server answers that it can't now: it starts, has become a replica, is full or overloaded. Nothing was done.
    case unavailable(code: String)
    /// The server's own error: `WRONGPASS` or `NOPERM` of Redis, an SQLSTATE such as `42P01` of PostgreSQL. Nothing was done.
    case refused(code: String)
  }

  /// What kind of failure it was.
  package let kind: Kind
  /// One line for a person.
  package let message: String
  package var description: String { message }

  init(_ kind: Kind, _ message: String) {
    self.kind = kind
    self.message = message
  }

  /// Whether the same may work later, without anybody changing a setting.
  package var isPassing: Bool {
    switch kind {
    case .lost, .unavailable: true
    case .missingLibrary, .badAddress, .refused: false
    }
  }

  /// The server's code, where it gave one.
  package var code: String? {
    switch kind {
    case .unavailable(let code), .refused(let code): code
    case .missingLibrary, .badAddress, .lost: nil
    }
  }
}
