/// Blends a mask with the one before: the less sure a pixel is, the more the old one counts.
///
/// MediaPipe's `segmentation_smoothing_calculator.cc`, whose polynomial stands for the square of a probability's entropy.
///
/// - Parameters:
///   - previous: the last blended mask, a byte a pixel.
///   - mask: the new one of the same size; blended in place.
///   - ratio: how much the old mask counts where the new one says nothing, 0...1.
package func blendMask(
  _ previous: UnsafeBufferPointer<UInt8>, into mask: UnsafeMutableBufferPointer<UInt8>, ratio: Float
) {
  precondition(previous.count == mask.count)
  let weights = (0...255).map { ratio * uncertainty(Float($0) / 255) }
  weights.withUnsafeBufferPointer { weights in
    for index in mask.indices {
      let (new, old) = (Float(mask[index]), Float(previous[index]))
      mask[index] = UInt8(new + (old - new) * weights[Int(mask[index])] + 0.5)
    }
  }
}

/// 1 where a probability is a half, 0 where it is 0 or 1.
private func uncertainty(_ probability: Float) -> Float {
  let x = (probability - 0.5) * (probability - 0.5)
  let certainty =
    x * (5.68842 + x * (-0.748699 + x * (-57.8051 + x * (291.309 + x * -624.717))))
  return 1 - min(1, max(0, certainty))
}
