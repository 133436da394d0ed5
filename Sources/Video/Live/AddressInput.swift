/// An address as ffmpeg's input.
///
/// Arguments of a process can be read by every user of the machine, so the address is none: ffmpeg reads a script of its
/// `concat` demuxer from standard input, in which the address is the only file. The script also says what that file may be
/// and may open, so that the script's own rights (a pipe, the demuxer `concat`) end with it.
extension DecoderInput {
  static func address(_ address: VideoAddress, usesWallClock: Bool = false) -> DecoderInput {
    var options = address.rules
    // Pictures that tell no times.
    if usesWallClock { options.append(("use_wallclock_as_timestamps", "1")) }
    let lines =
      ["ffconcat version 1.0", "file \(quoted(address.text))"]
      + options.map { "option \($0.0) \($0.1)" }
    return DecoderInput(
      demuxing: [
        "-protocol_whitelist", "pipe", "-format_whitelist", "concat", "-f", "concat", "-safe", "0",
        // Tells the duration, if there is one.
        "-segment_time_metadata", "1",
      ],
      url: "pipe:0", rights: ["--network"], script: Array(lines.map { $0 + "\n" }.joined().utf8),
      address: address)
  }

  /// As ffmpeg's scripts quote.
  private static func quoted(_ text: String) -> String {
    "'" + text.replacing("'", with: #"'\''"#) + "'"
  }
}

extension VideoAddress {
  var isRTSP: Bool { scheme == .rtsp || scheme == .rtsps }

  /// What ffmpeg may open by it, and how long a connection may be silent, in microseconds.
  fileprivate var rules: [(String, String)] {
    let silence = "15000000"
    switch scheme {
    case .rtsp, .rtsps:
      return [
        ("protocol_whitelist", scheme == .rtsp ? "tcp" : "tls,tcp"), ("format_whitelist", "rtsp"),
        // Pictures by the same connection: no lost packets, no open ports.
        ("rtsp_transport", "tcp"), ("timeout", silence),
      ]
    case .http:
      // It may be passed on to HTTPS, never back. `crypto` is HLS's AES.
      return [
        ("protocol_whitelist", "http,https,tls,tcp,crypto"), ("format_whitelist", Self.httpFormats),
        ("rw_timeout", silence),
      ] + Self.trust
    case .https:
      return [
        ("protocol_whitelist", "https,tls,tcp,crypto"), ("format_whitelist", Self.httpFormats),
        ("rw_timeout", silence),
      ] + Self.trust
    }
  }

  /// ffmpeg's names: HLS with its kinds of segments and sound, files, and pictures one after another.
  private static let httpFormats =
    "hls,mpegts,mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,flv,mpjpeg,aac,mp3,ac3,eac3,webvtt"

  /// ffmpeg checks no certificate unless told.
  private static let trust = [
    ("tls_verify", "1"), ("ca_file", "/etc/ssl/certs/ca-certificates.crt"),
  ]
}
