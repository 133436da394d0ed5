public import Images
public import PoseMotion
public import Stance

/// Draws people on the frames of a clip, one frame after the other.
///
///     var renderer = ClipRenderer(style: DrawingStyle(), showsTrails: true)
///     for (frame, image) in frames {
///       var drawn = image
///       try renderer.draw(frame, on: &drawn)
///     }
///
/// Each id has a colour that stays, whoever else is in the picture: for bones, lighter for joints, and for label and trails. Joints
/// and bones for which the style names a colour have that one. The same frames give the same bytes.
public struct ClipRenderer: Sendable {
  /// How people are drawn.
  public let style: DrawingStyle
  /// Whether lines follow hips, wrists and ankles, which fade within ``trailDuration``.
  public let showsTrails: Bool
  /// Whether each person's id is written above the head.
  public let showsIDs: Bool

  /// Whose angles and counts are drawn too: as ``SkeletonRenderer`` has it, and a counter beside each person.
  public let motion: MotionOptions

  /// How long trails are, in seconds of the source.
  public static let trailDuration = 1.5

  private let skeletonRenderer: SkeletonRenderer
  private var backdrops = Backdrops()
  private var trails = Trails()
  private var scene = SceneCut()
  private var analyser: MotionAnalyser

  /// A renderer that has seen no frame yet.
  public init(
    style: DrawingStyle = DrawingStyle(), showsTrails: Bool = false, showsIDs: Bool = true,
    measuring motion: MotionOptions = MotionOptions()
  ) {
    self.style = style
    self.showsTrails = showsTrails
    self.showsIDs = showsIDs
    self.motion = motion
    // Marks of angles are placed by the picture; what goes on from frame to frame is counts.
    analyser = MotionAnalyser(MotionOptions(counting: motion.counting))
    skeletonRenderer = SkeletonRenderer(style: style)
  }

  /// Draws the people of the next frame on its picture: background, tints, trails, skeletons, the lowest id on top, then labels.
  ///
  /// Who is ``TrackedFrame/lost`` has no body that could be drawn; the trail fades out. Trails end at a cut, and where times run backwards or
  /// have a gap of more than a second.
  ///
  /// - Throws: ``RenderingError``: a mask of another size or the background ``Background/transparent``, before anything is
  ///   drawn; or Cairo out of memory.
  public mutating func draw(_ frame: TrackedFrame, on image: inout Image) throws {
    if showsTrails {
      if scene.isCut(image) { trails.forget() }
      trails.add(frame, in: image.size, style: style)
    }
    try skeletonRenderer.paint(frame.people, on: &image, by: &backdrops)

    let size = image.size
    // People come in order of their ids.
    let skeletons = frame.people.reversed().map {
      PlacedSkeleton(of: $0, in: size, style: style, colors: PersonColors(id: $0.id))
    }
    let counts = motion.counting == .off ? nil : analyser.add(frame)
    guard showsTrails || !skeletons.isEmpty else { return }
    let (trails, people) = (trails, frame.people)
    try image.withMutablePixels { pixels in
      try Canvas.cover(pixels, of: size) { canvas in
        if showsTrails { trails.draw(at: frame.time, on: canvas) }
        let labels =
          showsIDs ? IDLabel.place(for: people, in: size, style: style, on: canvas) : []
        var taken = labels.map(\.place)
        let counters =
          counts.map {
            Counter.place(
              for: people, $0, in: size, style: style, sparing: taken, on: canvas)
          } ?? []
        taken += counters.map(\.place)
        let marks = AngleMark.place(
          for: people, motion, in: size, style: style, sparing: taken, on: canvas)
        skeletonRenderer.draw(
          skeletons, sparing: taken + marks.compactMap(\.place), on: canvas)
        for mark in marks.reversed() { mark.draw(on: canvas) }
        for label in (labels + counters).reversed() { label.draw(on: canvas) }
      }
    }
  }
}
