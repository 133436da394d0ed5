extension Conversion {
  /// Where a turned picture finds its pixels: (x, y) of the target is the pixel `origin + x · right + y · down` of the source.
  package struct Walk: Sendable {
    /// The source pixel that becomes the target's top left.
    package var origin: Int
    /// Source pixels from one target pixel to the next on its right.
    package var right: Int
    /// Source pixels from one target pixel to the one below.
    package var down: Int

    /// A walk over the source.
    package init(origin: Int, right: Int, down: Int) {
      self.origin = origin
      self.right = right
      self.down = down
    }
  }

  /// Copies 4-byte pixels in another order: a quarter turn, a mirroring or both.
  ///
  /// In squares of 32 × 32, so that both pictures' lines stay in the first cache.
  ///
  /// - Precondition: the buffers are equally long, hold `width` · n pixels, and the walk stays inside.
  package static func turn(
    _ source: UnsafeBufferPointer<UInt8>, into target: UnsafeMutableBufferPointer<UInt8>,
    targetWidth width: Int, walk: Walk
  ) {
    guard width > 0, let from = UnsafeRawPointer(source.baseAddress),
      let into = UnsafeMutableRawPointer(target.baseAddress)
    else { return }
    let height = target.count / (4 * width)
    precondition(
      source.count == target.count && target.count == 4 * width * height,
      "turning moves every pixel once")
    // The walk is linear: inside at the four corners is inside everywhere.
    for (x, y) in [(0, 0), (width - 1, 0), (0, height - 1), (width - 1, height - 1)] {
      let corner = walk.origin + x * walk.right + y * walk.down
      precondition(corner >= 0 && corner < width * height, "the walk leaves the source")
    }
    let side = 32
    for top in stride(from: 0, to: height, by: side) {
      for left in stride(from: 0, to: width, by: side) {
        for y in top..<min(top + side, height) {
          var read = 4 * (walk.origin + left * walk.right + y * walk.down)
          var write = 4 * (y * width + left)
          for _ in left..<min(left + side, width) {
            into.storeBytes(
              of: from.loadUnaligned(fromByteOffset: read, as: UInt32.self), toByteOffset: write,
              as: UInt32.self)
            read += 4 * walk.right
            write += 4
          }
        }
      }
    }
  }
}
