import Images
import PixelKernels

/// A picture in sizes that halve, so that a small view of a large part skips no pixel.
struct ImagePyramid {
  /// Pixels of the largest level in one pixel of the picture that views refer to.
  private let scale: (x: Float, y: Float)
  private var levels: [Image]

  /// - Parameters:
  ///   - image: the picture, or a smaller copy of it.
  ///   - scale: pixels of `image` in one pixel of the picture that views refer to.
  init(_ image: Image, scale: (x: Float, y: Float)) {
    self.scale = scale
    levels = [image]
  }

  /// Writes a view into a model's input; what is beyond the picture is black.
  ///
  /// - Parameters:
  ///   - view: a turned square in pixels of the picture.
  ///   - input: R, G, B, row-major.
  ///   - side: of the input, in pixels.
  ///   - values: what black and white become.
  mutating func fill(
    _ input: UnsafeMutableBufferPointer<Float>, side: Int, values: ClosedRange<Float> = 0...255,
    with view: RegionOfInterest
  ) {
    var (level, shrink) = (0, view.side * max(scale.x, scale.y) / Float(side))
    while shrink >= 2, let next = halved(level) {
      level = next
      shrink /= 2
    }
    let (image, original) = (levels[level], levels[0])
    let map = view.scaled(
      x: scale.x * Float(image.width) / Float(original.width),
      y: scale.y * Float(image.height) / Float(original.height)
    ).map(toSide: side)
    image.withPixels { pixels in
      warp(
        pixels, width: image.width, height: image.height, by: map, border: .black,
        values: values, into: input, targetWidth: side, targetHeight: side)
    }
  }

  /// The next smaller level, made at its first use; nil when there is none.
  private mutating func halved(_ level: Int) -> Int? {
    let image = levels[level]
    guard image.width >= 4, image.height >= 4 else { return nil }
    if level + 1 == levels.count {
      let pixels = image.withPixels {
        Halving.halved($0, width: image.width, height: image.height)
      }
      let size = ImageSize(width: image.width / 2, height: image.height / 2)
      levels.append(Image(size: size, bgrx: pixels))
    }
    return level + 1
  }
}
