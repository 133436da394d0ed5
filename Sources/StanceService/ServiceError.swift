/// Why the service could not be set up.
package struct ServiceError: Error, Sendable, Hashable, CustomStringConvertible {
  /// One line for a person.
  package let description: String

  /// An error with the message.
  init(_ description: String) { self.description = description }
}
