/// What a part says about itself.
package struct MultipartPartHead: Sendable {
  /// The form field's name.
  package let name: String
  /// As the client says it: never a path to trust.
  package let filename: String?
  package let contentType: String?
}

/// A form, in the order of its bytes: each part's head, then its data in pieces.
package enum MultipartEvent: Sendable {
  case part(MultipartPartHead)
  case data([UInt8])
}

/// A part, in memory.
package struct MultipartPart: Sendable {
  package let head: MultipartPartHead
  package var data: [UInt8]
}

/// Why a form could not be read.
package enum MultipartError: Error, Sendable {
  /// Another Content-Type.
  case notMultipart
  /// A Content-Type without a boundary, or with one that is none.
  case noBoundary
  /// No form.
  case malformed
  /// It ends before its closing delimiter.
  case incomplete
  case tooManyParts
  case tooLarge
}
