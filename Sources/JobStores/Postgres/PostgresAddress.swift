/// Where a PostgreSQL server is: `postgresql://[user[:password]@][host[:port][,…]][/database][?parameter=value…]`, also
/// `postgres://`. libpq reads it with all its parameters (`sslmode`, `sslrootcert`, `target_session_attrs` and so on;
/// https://www.postgresql.org/docs/15/libpq-connect.html), the usual variables and `~/.pgpass`.
package struct PostgresAddress: Sendable, CustomStringConvertible {
  let text: Secret
  let password: Secret?
  /// What no message may repeat; libpq's own repeat the whole address where they find fault with it.
  let secrets: [Secret]
  /// The address without password and parameters.
  package let description: String

  /// - Parameter password: instead of one in the address.
  /// - Throws: with `.badAddress`; the message does not repeat the address.
  package init(_ text: String, password: Secret? = nil) throws(ConnectionError) {
    let parts = try AddressParts(text)
    guard ["postgresql", "postgres"].contains(parts.scheme) else {
      throw AddressParts.wrong("PostgreSQL has postgresql://")
    }
    guard !parts.query.contains(where: { ["password", "sslpassword"].contains($0.name) }) else {
      throw AddressParts.wrong(
        "a password is given by itself or before the host, not as a parameter")
    }
    self.text = Secret(text)
    self.password = password ?? parts.password
    let written = parts.rawPassword.map { [$0] } ?? []
    secrets = [self.text] + [password, parts.password].compactMap(\.self) + written
    let name = parts.user.map { "\($0)@" } ?? ""
    description = "postgresql://\(name)\(parts.place)\(parts.path)"
  }
}
