import Images

/// A file's stream of sound.
struct CodedSound {
  /// Which of the file's streams it is.
  var streamIndex: Int
  /// ffmpeg's name of its codec; nil for one that it does not know.
  var codec: String?
  /// When it begins, in seconds on the file's own clock, if that is told.
  var start: Double?
}

/// A file's video stream: what is told of it, and what decoding it needs to know.
struct CodedVideo {
  var info: VideoInfo
  /// Which of the file's streams it is.
  var streamIndex: Int
  /// The first of its sounds.
  var sound: CodedSound?
  /// The size before it is turned and its pixels made square.
  var codedSize: ImageSize
  /// Whether it is HLS, whose frames come by the segment.
  var isSegmented: Bool
  /// How its light and colour are coded, if it is HDR.
  var hdr: HDRCoding?
  /// Whether its pixels may be transparent.
  var hasAlpha: Bool

  /// Whether it is MPEG-TS, which has no index and may begin and end anywhere.
  var isTransportStream: Bool { info.isTransportStream }

  /// ffmpeg's names of the codecs that are read.
  private static let codecs: Set<String> = [
    "h264", "hevc", "vp8", "vp9", "av1", "mpeg4", "mjpeg", "gif", "mpeg1video", "mpeg2video",
    "msmpeg4v3", "msmpeg4v2", "h263", "prores", "rawvideo", "ffv1", "huffyuv", "png",
  ]

  init(_ reply: FlatText, source: String, maxPixels: Int) throws(VideoError) {
    guard let stream = Self.stream(in: reply) else { throw Self.noVideo(reply) }
    let key: (String) -> String = { "streams.stream.\(stream).\($0)" }
    guard let codec = reply.text(key("codec_name")), Self.codecs.contains(codec) else {
      let name = reply.text(key("codec_name")) ?? "one that ffmpeg does not know"
      throw VideoError(.unsupported, "its codec is \(name), which is not read")
    }
    guard let width = reply.integer(key("width")), let height = reply.integer(key("height")),
      width > 0, height > 0
    else {
      throw VideoError(.damaged, "its header is cut off or damaged: it tells no size of the frames")
    }
    guard let timeBase = reply.text(key("time_base")).flatMap({ TimeBase($0) }) else {
      throw VideoError(.damaged, "its header is damaged: it tells no unit of time")
    }
    codedSize = ImageSize(width: width, height: height)
    try Self.check(codedSize, maxPixels)
    let size = Self.shownSize(
      codedSize, aspect: reply.text(key("sample_aspect_ratio")),
      rotation: reply.number(key("side_data_list.side_data.0.rotation"))
        ?? Self.rotation(reply, stream))
    try Self.check(size, maxPixels)

    let container = reply.text("format.format_name") ?? ""
    let begin = reply.number("format.start_time") ?? 0
    var zero: Int64 = 0
    if container == VideoInfo.transportStream {
      zero =
        Int64(
          exactly: (begin * Double(timeBase.denominator) / Double(timeBase.numerator)).rounded())
        ?? 0
    }
    let rate = [key("avg_frame_rate"), key("r_frame_rate")].lazy
      .compactMap { reply.text($0) }.compactMap { TimeBase($0) }.first
    // ffmpeg's demuxer of HLS gives this to each of its streams, 0 where the playlist does not tell.
    isSegmented = reply.text(key("tags.variant_bitrate")) != nil
    streamIndex = reply.integer(key("index")) ?? stream
    sound = Self.streams(of: "audio", in: reply).first.map {
      CodedSound(
        streamIndex: reply.integer("streams.stream.\($0).index") ?? $0,
        codec: reply.text("streams.stream.\($0).codec_name"),
        start: reply.number("streams.stream.\($0).start_time"))
    }
    hdr = HDRCoding(
      transfer: reply.text(key("color_transfer")), primaries: reply.text(key("color_primaries")),
      matrix: reply.text(key("color_space")), range: reply.text(key("color_range")))
    hasAlpha = Self.hasAlpha(reply.text(key("pix_fmt")) ?? "")
    info = VideoInfo(
      source: source, size: size, codec: codec, container: container, timeBase: timeBase,
      zero: zero,
      start: (reply.number(key("start_time")) ?? begin) - timeBase.seconds(zero),
      duration: reply.number("format.duration").flatMap { $0 > 0 ? $0 : nil },
      frameRate: rate.map { $0.seconds(1) },
      frameCount: reply.integer(key("nb_frames")).flatMap { $0 > 0 ? $0 : nil }, isHDR: hdr != nil)
  }

  /// The first stream of moving pictures: no cover, no thumbnails.
  private static func stream(in reply: FlatText) -> Int? {
    streams(of: "video", in: reply).first { stream in
      ["attached_pic", "timed_thumbnails", "still_image"].allSatisfy {
        reply.integer("streams.stream.\(stream).disposition.\($0)") ?? 0 == 0
      }
    }
  }

  private static func streams(of type: String, in reply: FlatText) -> [Int] {
    var found: [Int] = []
    var stream = 0
    while reply.integer("streams.stream.\(stream).index") != nil {
      if reply.text("streams.stream.\(stream).codec_type") == type { found.append(stream) }
      stream += 1
    }
    return found
  }

  private static func noVideo(_ reply: FlatText) -> VideoError {
    if !streams(of: "video", in: reply).isEmpty {
      return VideoError(.noVideo, "it has a cover picture, but no moving pictures")
    }
    return streams(of: "audio", in: reply).isEmpty
      ? VideoError(.noVideo, "it has no video stream")
      : VideoError(.noVideo, "it has sound, but no video stream")
  }

  /// The display matrix need not be the first of a stream's side data.
  private static func rotation(_ reply: FlatText, _ stream: Int) -> Double {
    (1..<16).lazy.compactMap {
      reply.number("streams.stream.\(stream).side_data_list.side_data.\($0).rotation")
    }.first ?? 0
  }

  private static func check(_ size: ImageSize, _ maxPixels: Int) throws(VideoError) {
    let (count, overflow) = size.width.multipliedReportingOverflow(by: size.height)
    guard !overflow, count <= maxPixels, size.width < 1 << 16, size.height < 1 << 16 else {
      throw VideoError(
        .tooLarge, "frames of \(size) pixels; at most \(maxPixels) pixels and 65535 a side are read"
      )
    }
  }

  /// The width takes up the pixels' shape, as players do it.
  private static func shownSize(_ coded: ImageSize, aspect: String?, rotation: Double) -> ImageSize
  {
    var size = coded
    let parts = (aspect ?? "").split(separator: ":").compactMap { Double($0) }
    if parts.count == 2, parts[0] > 0, parts[1] > 0 {
      let width = (Double(coded.width) * parts[0] / parts[1]).rounded()
      size.width = max(1, Int(min(width, 1e9)))
    }
    let turned = Int(rotation.rounded()) % 180
    return abs(turned) == 90 ? ImageSize(width: size.height, height: size.width) : size
  }

  private static func hasAlpha(_ pixelFormat: String) -> Bool {
    ["bgra", "rgba", "argb", "abgr", "yuva", "gbrap", "ya8", "ya16", "pal8"]
      .contains { pixelFormat.hasPrefix($0) }
  }
}

extension VideoInfo {
  static let transportStream = "mpegts"

  /// Whether it is MPEG-TS, which has no index and may begin and end anywhere.
  var isTransportStream: Bool { container == Self.transportStream }
}
