public import Images
import PixelKernels
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

  /// A renderer that draws in the given style.
  public init(style: DrawingStyle = .init()) {
    self.style = style
  }

  /// Draws people on a copy of a picture.
  ///
  /// - Throws: ``RenderingError``, as ``draw(_:on:)`` does.
  public func drawing(_ people: [Person], on image: Image) throws -> Image {
    var image = image
    try draw(people, on: &image)
    return image
  }

  /// Draws people on a picture in place: tints first, then skeletons, the first person on top, then labels.
  ///
  /// Landmarks outside the picture are cut off at its edge; those whose coordinates are no numbers are left out.
  ///
  /// - Throws: ``RenderingError``: a mask of another size (nothing is drawn then), or Cairo out of memory.
  public func draw(_ people: [Person], on image: inout Image) throws {
    guard !people.isEmpty else { return }
    try tint(people, on: &image)
    guard style.showsJoints || style.showsBones || style.showsLabels else { return }

    let size = image.size
    // Best first is how people come; the best is drawn last, so that nobody hides them.
    let skeletons = people.reversed().map { PlacedSkeleton(of: $0, in: size, style: style) }
    try image.withMutablePixels { pixels in
      guard let pixels = pixels.baseAddress else { return }
      for y in stride(from: 0, to: size.height, by: Canvas.maxSide) {
        for x in stride(from: 0, to: size.width, by: Canvas.maxSide) {
          let rowBytes = Image.bytesPerPixel * size.width
          let canvas = try Canvas(
            firstPixel: pixels + y * rowBytes + x * Image.bytesPerPixel, x: x, y: y,
            width: min(size.width - x, Canvas.maxSide),
            height: min(size.height - y, Canvas.maxSide), stride: rowBytes)
          draw(skeletons, on: canvas)
          try canvas.finish()
        }
      }
    }
  }

  private func tint(_ people: [Person], on image: inout Image) throws {
    guard let color = style.maskColor else { return }
    let masks = people.compactMap(\.mask)
    for mask in masks where mask.size != image.size {
      throw RenderingError(
        .maskSizeMismatch, "a mask of \(mask.size) pixels for a picture of \(image.size)")
    }
    let strength = style.maskOpacity.isNaN ? 0 : Double(style.maskOpacity)
    let opacity = color.faded(to: strength).alpha
    for mask in masks {
      image.withMutablePixels { pixels in
        mask.values.withUnsafeBufferPointer { values in
          MaskTint.blend(
            onto: pixels, mask: values, blue: color.blue, green: color.green, red: color.red,
            opacity: opacity)
        }
      }
    }
  }

  private func draw(_ skeletons: [PlacedSkeleton], on canvas: borrowing Canvas) {
    for skeleton in skeletons {
      if style.showsBones { drawBones(of: skeleton, on: canvas) }
      if style.showsJoints { drawJoints(of: skeleton, on: canvas) }
    }
    guard style.showsLabels else { return }
    var labels = Labels()
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
