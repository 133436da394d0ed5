import Images
import PixelKernels

/// One person's mask over time, as MediaPipe's graph blends it (`pose_segmentation_filtering.pbtxt`).
struct MaskFilter: Sendable {
  /// How much the old mask counts where the new one is unsure.
  static let ratio: Float = 0.7

  private var last: Mask?

  /// The mask, blended with the last one of the same size.
  mutating func filter(_ mask: Mask) -> Mask {
    guard let last, last.size == mask.size else {
      self.last = mask
      return mask
    }
    var values = mask.values
    values.withUnsafeMutableBufferPointer { values in
      last.values.withUnsafeBufferPointer { blendMask($0, into: values, ratio: Self.ratio) }
    }
    let blended = Mask(size: mask.size, values: values)
    self.last = blended
    return blended
  }
}
