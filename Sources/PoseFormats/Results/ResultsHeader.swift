public import Stance

/// What a file of results over time was made of, and how.
public struct ResultsHeader: Sendable, Hashable {
  /// The form of the lines that follow.
  public static let version = "results/1"

  /// What was looked at.
  public struct Source: Sendable, Hashable {
    /// Its name as it was given.
    public var file: String
    /// The size of its frames, upright.
    public var size: ImageSize
    /// ffmpeg's name of the codec, if it is known.
    public var codec: String?
    /// Frames a second, on average, if it is known.
    public var frameRate: Double?
    /// Seconds, as the file claims, if it is known.
    public var duration: Double?
    /// How many frames the file claims to have, if it is known.
    public var frames: Int?

    /// A source of the given parts.
    public init(
      file: String, size: ImageSize, codec: String? = nil, frameRate: Double? = nil,
      duration: Double? = nil, frames: Int? = nil
    ) {
      self.file = file
      self.size = size
      self.codec = codec
      self.frameRate = frameRate
      self.duration = duration
      self.frames = frames
    }
  }

  /// Which of its frames were looked at.
  public struct Selection: Sendable, Hashable {
    /// From this time on, in seconds; nil: from the first frame.
    public var start: Double?
    /// For so many seconds; nil: to the end.
    public var duration: Double?
    /// Every so many frames.
    public var every: Int
    /// So many times faster than it plays the source was filmed: times of frames are the source's, divided by it.
    public var slowMotion: Double

    /// A selection of the given parts.
    public init(
      start: Double? = nil, duration: Double? = nil, every: Int = 1, slowMotion: Double = 1
    ) {
      self.start = start
      self.duration = duration
      self.every = every
      self.slowMotion = slowMotion
    }
  }

  /// What was looked at.
  public var source: Source
  /// Which of its frames.
  public var selection: Selection
  /// What was looked for.
  public var pose: PoseOptions
  /// How people were followed.
  public var tracking: TrackingOptions
  /// How landmarks were smoothed without lag, which is known once the clip's rate is: ``RefinedFrames/design``; nil when
  /// they were not.
  public var zeroLag: ZeroLagDesign?
  /// The arithmetic.
  public var precision: Precision

  /// A header of the given parts.
  public init(
    source: Source, selection: Selection = Selection(), pose: PoseOptions,
    tracking: TrackingOptions, zeroLag: ZeroLagDesign? = nil, precision: Precision
  ) {
    self.source = source
    self.selection = selection
    self.pose = pose
    self.tracking = tracking
    self.zeroLag = zeroLag
    self.precision = precision
  }
}

extension ResultsHeader {
  /// One JSON object.
  var json: [UInt8] {
    get throws(PoseFormatError) {
      var writer = JSONWriter(capacity: 1024)
      try writer.object { (json) throws(PoseFormatError) in
        json.member("stance", Self.version)
        json.key("source")
        try json.object { (json) throws(PoseFormatError) in try source.write(to: &json) }
        json.key("options")
        try json.object { (json) throws(PoseFormatError) in
          try pose.write(to: &json)
          json.member("precision", precision.rawValue)
          try tracking.write(to: &json)
          try selection.write(to: &json)
        }
        json.member("passes", tracking.passes)
        json.key("smoothing")
        try json.object { (json) throws(PoseFormatError) in
          json.member("name", tracking.smoothing.rawValue)
          if tracking.smoothing == .zeroLag { try json.member("cutoff", tracking.cutoff) }
          try zeroLag?.write(to: &json)
        }
      }
      return writer.bytes
    }
  }
}

extension ResultsHeader.Source {
  fileprivate func write(to json: inout JSONWriter) throws(PoseFormatError) {
    json.member("file", file)
    json.member("width", size.width)
    json.member("height", size.height)
    if let codec { json.member("codec", codec) }
    if let frameRate { try json.member("frameRate", frameRate) }
    if let duration { try json.member("duration", duration) }
    if let frames { json.member("frames", frames) }
  }
}

extension ResultsHeader.Selection {
  fileprivate func write(to json: inout JSONWriter) throws(PoseFormatError) {
    if let start { try json.member("start", start) }
    if let duration { try json.member("duration", duration) }
    json.member("every", every)
    if slowMotion != 1 { try json.member("slowMotion", slowMotion) }
  }
}

extension ZeroLagDesign {
  fileprivate func write(to json: inout JSONWriter) throws(PoseFormatError) {
    try json.member("cutoffUsed", cutoffUsed)
    try json.member("designFrequency", designFrequency)
    try json.member("frameRate", frameRate)
    json.member("design", Self.description)
  }
}

extension PoseOptions {
  fileprivate func write(to json: inout JSONWriter) throws(PoseFormatError) {
    json.member("complexity", complexity.rawValue)
    json.member("maxPeople", maxPeople)
    try json.member("minDetectionConfidence", minDetectionConfidence)
    try json.member("minTrackingConfidence", minTrackingConfidence)
    json.member("search", search.rawValue)
    json.key("region")
    try json.array { (json) throws(PoseFormatError) in
      for region in regions {
        try json.object { (json) throws(PoseFormatError) in
          try json.member("x", region.x)
          try json.member("y", region.y)
          try json.member("width", region.width)
          try json.member("height", region.height)
        }
      }
    }
    json.member("segmentation", segmentation)
  }
}

extension TrackingOptions {
  fileprivate func write(to json: inout JSONWriter) throws(PoseFormatError) {
    try json.member("memory", memory)
    if let follow { json.member("follow", follow.description) }
    json.member("raw", keepsRaw)
  }
}
