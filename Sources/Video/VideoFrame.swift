public import Images

/// One picture of a video, with its time.
public struct VideoFrame: Sendable {
  /// The upright picture, of ``VideoInfo/size``.
  public var image: Image
  /// When it is shown, in seconds on the source's own clock: ``ticks`` since ``VideoInfo/zero``.
  public var time: Double
  /// When it is shown, in ``VideoInfo/timeBase``, to the tick as the file has it.
  public var ticks: Int64
  /// Which frame of the source it is, from 0, whatever ``VideoReadingOptions/start`` and ``VideoReadingOptions/every`` leave
  /// out.
  public var index: Int

  /// A frame.
  public init(image: Image, time: Double, ticks: Int64, index: Int) {
    self.image = image
    self.time = time
    self.ticks = ticks
    self.index = index
  }
}
