public import Images

/// What a video's header says. Counts and durations are claims: the frames that come are the truth.
public struct VideoInfo: Sendable, Hashable {
  /// Where it comes from: the path as it was given, "standard input", or an address without user, password and query.
  public var source: String
  /// The size of every frame as it is shown: turned upright, its pixels made square.
  public var size: ImageSize
  /// ffmpeg's name of the codec: "h264"; "pictures" for a folder.
  public var codec: String
  /// ffmpeg's name of the kind of file: "mov,mp4,m4a,3gp,3g2,mj2"; "folder" for a folder, of an address "hls" or its scheme, "v4l2" for a
  /// camera.
  public var container: String
  /// The unit of ``VideoFrame/ticks``.
  public var timeBase: TimeBase
  /// The ticks of time 0: 0, but for MPEG-TS, whose clock starts anywhere, the start of the earliest of its streams.
  public var zero: Int64
  /// The time of the first frame in seconds, as far as the header tells.
  public var start: Double
  /// How long it lasts in seconds, from the first instant of its earliest stream to the end of its longest, if it is known.
  public var duration: Double?
  /// Frames a second, on average, if it is known.
  public var frameRate: Double?
  /// How many frames there are, if it is known.
  public var frameCount: Int?
  /// Whether its light is coded for HDR (SMPTE ST 2084 or ARIB STD-B67); its frames are tone-mapped.
  public var isHDR: Bool
  /// Whether it comes as it happens: only the newest frame waits for the caller, and a source that is lost is taken up again.
  /// So are cameras, RTSP, and HTTP without a known duration.
  public var isLive = false
}
