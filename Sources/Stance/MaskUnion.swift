package import Images
import PixelKernels

extension PoseResult {
  /// The pixelwise maximum over all people's masks; all 0 when there is none.
  package var maskOfAll: Mask {
    var values = [UInt8](repeating: 0, count: imageSize.pixelCount)
    for case let mask? in people.map(\.mask) where mask.size == imageSize {
      values.withUnsafeMutableBufferPointer { target in
        mask.values.withUnsafeBufferPointer { Backdrop.raise(target, to: $0) }
      }
    }
    return Mask(size: imageSize, values: values)
  }
}
