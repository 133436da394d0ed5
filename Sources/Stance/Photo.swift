import Images
import PixelKernels

/// A picture with its pixels decoded as far as the job needs.
///
/// The detector sees 224 px and the landmark model 256 px of whatever it is given. A JPEG of a large photo is
/// therefore decoded at 1/2, 1/4 or 1/8, in a third to half of the time, and again, finer, only when a body in it
/// would come out smaller than the landmark model's input.
struct Photo {
  /// From this many pixels on a photo is decoded at a smaller scale; below, always whole.
  static let minReducedPixels = 8_000_000
  /// The longer side that a photo is left with for the detector: four times its input.
  static let minDetectionSide = 4 * Anchors.inputSide

  /// The upright original's size, which regions and results refer to.
  let size: ImageSize
  /// The pixels so far: the whole original or a smaller copy.
  private(set) var image: Image
  private let encoded: EncodedImage?
  private var reduction: Int

  /// Pixels as they are.
  init(_ image: Image) { self.init(image, of: image.size) }

  private init(_ image: Image, of size: ImageSize) {
    (self.image, self.size, encoded, reduction) = (image, size, nil, 1)
  }

  /// Decodes a photo as far as the detector needs.
  init(_ encoded: EncodedImage) throws {
    let reduction = Self.reduction(of: encoded)
    let image = try encoded.decode(reduction: reduction)
    self.encoded = encoded
    self.reduction = reduction
    self.image = image
    size = reduction == 1 ? image.size : encoded.size ?? image.size
  }

  /// Decodes again, finer, if the smallest of these regions would fill less than the landmark model's input.
  mutating func refine(for regions: [RegionOfInterest]) throws {
    guard let smallest = regions.map(\.side).min() else { return }
    try refine(toSmallestSide: smallest)
  }

  /// Decodes again, finer, if a body of that side in pixels of the original would fill less than the landmark
  /// model's input.
  mutating func refine(toSmallestSide smallest: Float) throws {
    guard let encoded, reduction > 1 else { return }
    var finer = reduction
    while finer > 1, smallest / Float(finer) < Float(LandmarkDecoder.inputSide) { finer /= 2 }
    guard finer < reduction else { return }
    image = try encoded.decode(reduction: finer)
    reduction = finer
  }

  /// The whole original, decoded again only if it has not been decoded whole.
  func whole() throws -> Image {
    guard let encoded, reduction > 1 else { return image }
    return try encoded.decode()
  }

  /// The longer side, about, of a copy with stretched contrast: what is lost to noise is not worth more.
  static let stretchedSide = 960

  /// A smaller copy with more contrast, or nil when there is contrast enough.
  func stretched() -> Photo? {
    let factor = max(1, max(image.width, image.height) / Self.stretchedSide)
    let pixels = image.withPixels {
      ContrastStretch.stretched($0, width: image.width, height: image.height, factor: factor)
    }
    guard let pixels else { return nil }
    let reduced = ImageSize(width: image.width / factor, height: image.height / factor)
    return Photo(Image(size: reduced, bgrx: pixels), of: size)
  }

  /// Pixels of ``image`` in one pixel of the original, along each axis.
  var scale: (x: Float, y: Float) {
    (Float(image.width) / Float(size.width), Float(image.height) / Float(size.height))
  }

  private static func reduction(of photo: EncodedImage) -> Int {
    guard photo.format == .jpeg, let size = photo.size, size.pixelCount >= minReducedPixels else {
      return 1
    }
    let side = max(size.width, size.height)
    return [8, 4, 2].first { side / $0 >= minDetectionSide } ?? 1
  }
}
