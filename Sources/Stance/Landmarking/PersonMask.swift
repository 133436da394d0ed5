package import Images
import PixelKernels

extension Mask {
  /// The segmentation of one body, in the picture's size; nil when there is none.
  package init?(_ estimate: PoseEstimate, size: ImageSize) {
    let side = LandmarkDecoder.inputSide
    guard estimate.segmentation.count == side * side,
      let map = estimate.region.map(toSide: side).inverse
    else { return nil }
    var values = [UInt8](repeating: 0, count: size.pixelCount)
    values.withUnsafeMutableBufferPointer { target in
      estimate.segmentation.withUnsafeBufferPointer { logits in
        warpMask(
          logits, side: side, by: map, into: target, width: size.width, height: size.height)
      }
    }
    self.init(size: size, values: values)
  }
}
