/// Why a model could not be loaded or run.
public struct InferenceError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The kinds of failure. More may come: keep a `default` when switching.
  public struct Code: Sendable, Hashable {
    private enum Kind: String { case missingModel, damagedModel, unsupportedPrecision, failed }
    private let kind: Kind

    /// The model's file is not there.
    public static let missingModel = Code(kind: .missingModel)
    /// The model's file is not the one that was published.
    public static let damagedModel = Code(kind: .damagedModel)
    /// This processor does not have the precision that was asked for.
    public static let unsupportedPrecision = Code(kind: .unsupportedPrecision)
    /// The runtime reported an error.
    public static let failed = Code(kind: .failed)

    /// The stable word for logs and tests.
    public var name: String { kind.rawValue }
  }

  /// What kind of failure it is.
  public let code: Code
  /// What was given and what was wanted, for a person.
  public let message: String

  /// An error of the given kind.
  public init(_ code: Code, _ message: String) {
    self.code = code
    self.message = message
  }

  /// The message.
  public var description: String { message }
}

extension InferenceError {
  /// - Parameter line: the runtime's own words.
  init(runtimeSays line: some StringProtocol) {
    // What its compiler of machine code says when memory can't be made executable.
    let advice =
      line.contains("can't protect")
      ? ": this process may make no executable code, which OpenVINO has to; MemoryDenyWriteExecute= in a systemd unit "
        + "forbids it, and SELinux may (execmem)" : ""
    self.init(.failed, "OpenVINO: \(line)\(advice)")
  }
}
