package import Images
package import PixelKernels

/// The whole picture in the detector's square: the longer side fills it, the rest is black.
package struct Letterbox: Sendable, Hashable {
  /// The picture's size in pixels.
  package let image: ImageSize

  package init(_ image: ImageSize) { self.image = image }

  /// Side of the square in pixels of the picture.
  private var side: Float { Float(max(image.width, image.height)) }

  /// From pixels of the detector's input to pixels of the picture.
  package var map: AffineMap {
    RegionOfInterest(
      center: Point(x: Float(image.width) / 2, y: Float(image.height) / 2), side: side, rotation: 0
    ).map(toSide: Anchors.inputSide)
  }

  /// A detection in pixels of the picture.
  package func pixels(_ detection: Detection<DetectorSquare>) -> Detection<Pixels> {
    let left = (side - Float(image.width)) / 2
    let top = (side - Float(image.height)) / 2
    func pixels(_ point: Point<DetectorSquare>) -> Point<Pixels> {
      Point(x: point.x * side - left, y: point.y * side - top)
    }
    return Detection(
      score: detection.score, lower: pixels(detection.lower), upper: pixels(detection.upper),
      keypoints: detection.keypoints.map(pixels))
  }
}
