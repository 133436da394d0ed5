public import Images
import PixelKernels
public import PoseMotion
public import Stance

/// Draws people on the picture in which they were found.
///
///     let renderer = SkeletonRenderer(style: DrawingStyle(jointColor: .red, thickness: 4))
///     let drawn = try renderer.drawing(people, on: image)
///
/// The same people on the same picture give the same bytes, on any thread and any machine of one Cairo version.
public struct SkeletonRenderer: Sendable {
  /// How people are drawn.
  public var style: DrawingStyle
  /// Whose angles are drawn too: both rays, arc and degrees, where the picture gives a number.
  public var motion: MotionOptions

  /// A renderer that draws in the given style, with these angles.
  public init(style: DrawingStyle = .init(), measuring motion: MotionOptions = .init()) {
    self.style = style
    self.motion = motion
  }

  /// Draws people on a copy of a picture.
  ///
  /// - Throws: ``RenderingError``, as ``draw(_:on:)`` does.
  public func drawing(_ people: [Person], on image: Image) throws -> Image {
    var image = image
    try draw(people, on: &image)
    return image
  }

  /// Draws people on a picture in place: background, tints, then skeletons, the first person on top, then labels.
  ///
  /// Landmarks outside the picture are cut off at its edge; those whose coordinates are no numbers are left out. Where
  /// the style has a background, people without a mask count as background.
  ///
  /// - Throws: ``RenderingError``: a mask of another size or the background ``Background/transparent`` (nothing is drawn then), or
  ///   Cairo out of memory.
  public func draw(_ people: [Person], on image: inout Image) throws {
    var backdrops = Backdrops()
    try paint(people, on: &image, by: &backdrops)
    let size = image.size
    let skeletons = skeletons(of: people, in: size)
    guard !skeletons.isEmpty || !motion.angles.isEmpty else { return }
    try image.withMutablePixels { pixels in
      try Canvas.cover(pixels, of: size) { draw(people, skeletons, in: size, on: $0) }
    }
  }

  /// People cut out of their picture, with tints, skeletons and labels: all else is transparent, and has no colour that could
  /// be brought back. The style's background does not count.
  ///
  /// - Throws: ``RenderingError``: a mask of another size, or Cairo out of memory.
  public func cutOut(_ people: [Person], from image: Image) throws -> TransparentImage {
    var image = image
    try checkMasks(of: people, size: image.size)
    tint(people, on: &image)
    var backdrops = Backdrops()
    backdrops.cutOut(people, from: &image)
    let size = image.size
    let skeletons = skeletons(of: people, in: size)
    try image.withMutablePixels { pixels in
      if !skeletons.isEmpty || !motion.angles.isEmpty {
        try Canvas.cover(pixels, of: size, isTransparent: true) {
          draw(people, skeletons, in: size, on: $0)
        }
      }
      Backdrop.straighten(pixels)
    }
    return TransparentImage(size: size, bgra: image.bgrx)
  }

  /// Everything that lies under skeletons: background and tints.
  func paint(_ people: [Person], on image: inout Image, by backdrops: inout Backdrops) throws {
    if style.needsMasks { try checkMasks(of: people, size: image.size) }
    if let background = style.background {
      guard background != .transparent else {
        throw RenderingError(
          .noTransparency, "a transparent background needs a picture that can be transparent")
      }
      backdrops.replace(background, behind: people, on: &image)
    }
    tint(people, on: &image)
  }

  private func checkMasks(of people: [Person], size: ImageSize) throws {
    for mask in people.compactMap(\.mask) where mask.size != size {
      throw RenderingError(
        .maskSizeMismatch, "a mask of \(mask.size) pixels for a picture of \(size)")
    }
  }

  /// - Precondition: masks are of the picture's size.
  private func tint(_ people: [Person], on image: inout Image) {
    guard let color = style.maskColor else { return }
    let strength = style.maskOpacity.isNaN ? 0 : Double(style.maskOpacity)
    let opacity = color.faded(to: strength).alpha
    for mask in people.compactMap(\.mask) {
      image.withMutablePixels { pixels in
        mask.values.withUnsafeBufferPointer { values in
          MaskTint.blend(
            onto: pixels, mask: values, blue: color.blue, green: color.green, red: color.red,
            opacity: opacity)
        }
      }
    }
  }

  /// None, where the style shows nothing of them. Best first is how people come; the best is drawn last, so that nobody
  /// hides them.
  private func skeletons(of people: [Person], in size: ImageSize) -> [PlacedSkeleton] {
    guard style.showsJoints || style.showsBones || style.showsLabels else { return [] }
    return people.reversed().map {
      PlacedSkeleton(of: $0, in: size, style: style, colors: .still)
    }
  }

  /// Draws skeletons and the angles of the same people.
  private func draw(
    _ people: [Person], _ skeletons: [PlacedSkeleton], in size: ImageSize,
    on canvas: borrowing Canvas
  ) {
    let marks = AngleMark.place(
      for: people, motion, in: size, style: style, sparing: [], on: canvas)
    draw(skeletons, sparing: marks.compactMap(\.place), on: canvas)
    for mark in marks.reversed() { mark.draw(on: canvas) }
  }

  /// Draws skeletons, the last one on top, then labels, those of the last one first.
  ///
  /// - Parameter taken: where something will be written.
  func draw(
    _ skeletons: [PlacedSkeleton], sparing taken: [Rectangle] = [], on canvas: borrowing Canvas
  ) {
    for skeleton in skeletons {
      if style.showsBones { drawBones(of: skeleton, on: canvas) }
      if style.showsJoints { drawJoints(of: skeleton, on: canvas) }
    }
    guard style.showsLabels else { return }
    var labels = Labels(sparing: taken)
    for skeleton in skeletons.reversed() { labels.write(for: skeleton, on: canvas) }
  }

  private func drawBones(of skeleton: PlacedSkeleton, on canvas: borrowing Canvas) {
    for group in skeleton.boneGroups {
      if let outlineColor = style.outlineColor {
        canvas.stroke(
          group.segments, width: group.width + 2 * StrokeSizes.outline(of: group.width),
          color: outlineColor.faded(to: group.opacity))
      }
      canvas.stroke(group.segments, width: group.width, color: group.color.faded(to: group.opacity))
    }
  }

  private func drawJoints(of skeleton: PlacedSkeleton, on canvas: borrowing Canvas) {
    for joint in skeleton.joints {
      let edge = joint.radius + StrokeSizes.outline(of: joint.radius)
      if joint.isHollow {
        // A smaller hole would not be seen.
        let hole = 0.55 * joint.radius
        if let outlineColor = style.outlineColor {
          canvas.fillRing(at: joint.center, from: joint.radius, to: edge, color: outlineColor)
        }
        canvas.fillRing(at: joint.center, from: hole, to: joint.radius, color: joint.color)
      } else {
        if let outlineColor = style.outlineColor {
          canvas.fillDisc(at: joint.center, radius: edge, color: outlineColor)
        }
        canvas.fillDisc(at: joint.center, radius: joint.radius, color: joint.color)
      }
    }
  }
}
