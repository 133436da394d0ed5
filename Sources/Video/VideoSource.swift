/// Where a video comes from.
public enum VideoSource: Sendable, Hashable {
  /// A video file, a folder of pictures, or a pipe with a name.
  case path(String)
  /// This process's standard input: a file, or a pipe.
  case standardInput

  /// As commands write it: "-" is standard input, anything else a path.
  public init(argument: String) { self = argument == "-" ? .standardInput : .path(argument) }

  /// The path, or "standard input".
  var name: String {
    switch self {
    case .path(let path): path
    case .standardInput: "standard input"
    }
  }
}
