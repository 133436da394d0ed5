/// A password: it shows in no text that is made of it or of what holds it.
package struct Secret: Sendable, CustomStringConvertible, CustomDebugStringConvertible,
  CustomReflectable
{
  /// The password itself, for the server alone.
  let revealed: String

  package init(_ password: String) { revealed = password }

  package var description: String { "(hidden)" }
  package var debugDescription: String { description }
  package var customMirror: Mirror { Mirror(self, children: []) }

  /// `text` without the password, should a server or library repeat it.
  func removed(from text: String) -> String {
    revealed.isEmpty ? text : text.replacing(revealed, with: description)
  }
}
