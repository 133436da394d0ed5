/// Where a video comes from.
public enum VideoSource: Sendable, Hashable {
  /// A video file, a folder of pictures, or a pipe with a name.
  case path(String)
  /// This process's standard input: a file, or a pipe.
  case standardInput
  /// A stream: RTSP, or HTTP with a file, a stream without end or an HLS playlist.
  case address(VideoAddress)
  /// A V4L2 camera by the path of its device: "/dev/video0".
  case camera(String)

  /// As commands write it: "-" is standard input, `rtsp://`, `rtsps://`, `http://` and `https://` begin addresses,
  /// `/dev/video` and `/dev/v4l/` cameras, anything else is a path.
  ///
  /// - Throws: `VideoError` for an address of another kind; the message does not repeat it.
  public init(argument: String) throws(VideoError) {
    if argument == "-" {
      self = .standardInput
    } else if ["/dev/video", "/dev/v4l/"].contains(where: { argument.hasPrefix($0) }) {
      self = .camera(argument)
    } else if let scheme = Self.scheme(of: argument) {
      let isKnown = VideoAddress.Scheme(rawValue: scheme) != nil
      guard isKnown else {
        throw VideoError(
          .unsupported,
          "addresses by \(scheme) are not read, those by rtsp, rtsps, http and https are; a file of such a name is written with ./ in front"
        )
      }
      self = .address(try VideoAddress(argument))
    } else {
      self = .path(argument)
    }
  }

  /// The path, "standard input", or the address without user, password and query: for messages and results.
  public var name: String {
    switch self {
    case .path(let path), .camera(let path): path
    case .standardInput: "standard input"
    case .address(let address): address.description
    }
  }

  /// Protocols of ffmpeg whose addresses have no "//".
  private static let bareSchemes: Set<String> = [
    "file", "concat", "concatf", "data", "pipe", "fd", "subfile", "crypto", "async", "cache",
    "unix",
    "http", "https", "rtsp", "rtsps",
  ]

  private static func scheme(of text: String) -> String? {
    let scheme = text.prefix { $0 != ":" }
    guard scheme.endIndex < text.endIndex, scheme.first?.isLetter == true,
      scheme.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || "+-.".contains($0)) })
    else { return nil }
    let name = scheme.lowercased()
    return text[scheme.endIndex...].hasPrefix("://") || bareSchemes.contains(name) ? name : nil
  }
}
