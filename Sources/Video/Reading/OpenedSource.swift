import Files

/// A source with its header read, ready to give frames.
struct OpenedSource {
  let info: VideoInfo
  let selection: FrameSelection
  let sound: SoundSource?
  let identity: FileIdentity?
  let frames: any FrameSource

  init(
    _ source: VideoSource, _ options: VideoReadingOptions, _ tools: VideoTools
  ) throws(VideoError) {
    do {
      let file =
        switch source {
        case .path(let path): try OpenFile(reading: path)
        case .standardInput: try OpenFile.standardInput()
        }
      if case .path(let path) = source, try file.kind() == .folder {
        let frames = try PictureFolder(path, options)
        info = frames.info
        selection = FrameSelection(options, of: frames.info)
        sound = nil
        identity = file.identity
        self.frames = frames
        return
      }
      let whole = try Self.seekable(file, options)
      let video = try StreamProbe.read(
        whole, named: source.name, maxPixels: options.maxPixels, tools: tools)
      let selection = FrameSelection(options, of: video.info)
      info = video.info
      self.selection = selection
      sound = video.sound.map { SoundSource($0, in: whole, video.info, selection) }
      identity = file.identity
      frames = try FFmpegFrames(whole, video, options, tools)
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
