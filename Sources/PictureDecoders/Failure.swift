/// Why there are no pixels: an exit status with its line.
package struct Failure: Error {
  /// Exit statuses, which `Images` reads.
  package enum Status: Int32, Sendable {
    case usage = 64
    case corrupt = 65
    case truncated = 66
    case tooLarge = 67
    case unsupported = 69
    /// This machine did not give what decoding needs, memory above all: no fault of the picture.
    case noResources = 70
    /// A program that was to be started is not there.
    case missingProgram = 72
  }

  package let status: Status
  package let message: String

  package init(_ status: Status, _ message: String) {
    self.status = status
    self.message = message
  }
}
