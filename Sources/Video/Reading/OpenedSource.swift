import Files

/// A source with its header read, ready to give events.
struct OpenedSource {
  let info: VideoInfo
  /// What is time 0 in a video that is written from it, in ticks.
  let origin: Int64
  let events: any EventSource
  private(set) var sound: SoundSource?
  /// The file that is read.
  private(set) var identity: FileIdentity?

  private init(_ info: VideoInfo, _ options: VideoReadingOptions, _ events: any EventSource) {
    (self.info, self.events) = (info, events)
    // A live source's time begins with its first frame. Rounded down: no frame that is given is before it.
    let start = max(0, options.start ?? 0) / info.timeBase.seconds(1)
    origin =
      info.isLive
      ? Int64(exactly: start.rounded(.down)) ?? 0 : FrameSelection(options, of: info).origin
  }

  init(
    _ source: VideoSource, _ options: VideoReadingOptions, _ tools: VideoTools, _ live: LivePolicy
  ) throws(VideoError) {
    switch source {
    case .path, .standardInput: self = try Self.file(source, options, tools)
    case .address(let address): self = try Self.stream(address, options, tools, live)
    case .camera(let path):
      let (input, video) = try Camera(path).open(maxPixels: options.maxPixels, tools: tools)
      let camera = try LiveSource(input, video, options, tools, live)
      self.init(camera.info, options, camera)
    }
  }

  /// A video file that is open.
  init(
    _ file: OpenFile, named name: String, _ options: VideoReadingOptions, _ tools: VideoTools
  ) throws(VideoError) {
    self = try Self.explaining { try Self.file(file, named: name, options, tools) }
  }

  /// A file by HTTP is read as one on disk is, all of it; anything else is live.
  private static func stream(
    _ address: VideoAddress, _ options: VideoReadingOptions, _ tools: VideoTools, _ live: LivePolicy
  ) throws(VideoError) -> OpenedSource {
    let input = DecoderInput.address(address)
    let video = try StreamProbe.read(
      input, named: address.description, maxPixels: options.maxPixels, tools: tools)
    guard video.info.isLive else {
      return OpenedSource(video.info, options, try FFmpegFrames(input, video, options, tools))
    }
    let stream = try LiveSource(input, video, options, tools, live)
    return OpenedSource(stream.info, options, stream)
  }

  private static func file(
    _ source: VideoSource, _ options: VideoReadingOptions, _ tools: VideoTools
  ) throws(VideoError) -> OpenedSource {
    try explaining {
      guard case .path(let path) = source else {
        return try file(OpenFile.standardInput(), named: source.name, options, tools)
      }
      let file = try OpenFile(reading: path)
      guard try file.kind() == .folder else {
        return try Self.file(file, named: source.name, options, tools)
      }
      let frames = try PictureFolder(path, options)
      var folder = OpenedSource(frames.info, options, frames)
      folder.identity = file.identity
      return folder
    }
  }

  private static func file(
    _ file: OpenFile, named name: String, _ options: VideoReadingOptions, _ tools: VideoTools
  ) throws -> OpenedSource {
    let whole = try seekable(file, options)
    let input = DecoderInput.file(whole)
    let video = try StreamProbe.read(
      input, named: name, maxPixels: options.maxPixels, tools: tools)
    var opened = OpenedSource(
      video.info, options, try FFmpegFrames(input, video, options, tools))
    opened.identity = file.identity
    opened.sound = video.sound.map {
      SoundSource($0, in: whole, video.info, FrameSelection(options, of: video.info))
    }
    return opened
  }

  /// Tells a failure of the file's as one of the video's.
  private static func explaining(
    _ open: () throws -> OpenedSource
  ) throws(VideoError) -> OpenedSource {
    do {
      return try open()
    } catch let error as FileError {
      if case .tooLarge(let limit) = error.reason {
        throw VideoError(.tooLarge, "a pipe of more than \(limit) bytes")
      }
      throw VideoError(.unreadable, error.message)
    } catch let error as VideoError {
      throw error
    } catch {
      throw VideoError(.unreadable, "\(error)")
    }
  }

  /// The file itself, or for a pipe a temporary one with all that comes from it: the index of an MP4 may be at its end, and
  /// both ffprobe and ffmpeg read from the beginning.
  private static func seekable(
    _ file: OpenFile, _ options: VideoReadingOptions
  ) throws -> OpenFile {
    switch try file.kind() {
    case .regular(let size):
      guard size > 0 else { throw VideoError(.empty, "no bytes") }
      return file
    case .folder:
      throw VideoError(.unreadable, "is a folder")
    case .stream:
      let copy = try OpenFile.temporary()
      guard try copy.fill(from: file, limit: options.maxPipedBytes) > 0 else {
        throw VideoError(.empty, "no bytes")
      }
      return copy
    }
  }
}
