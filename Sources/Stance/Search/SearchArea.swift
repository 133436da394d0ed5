import Images

/// Where in a picture people are looked for: everywhere, or in a user's regions.
struct SearchArea {
  /// The whole picture, or each region as far as it is inside, in pixels of the original.
  let parts: [PixelBox]
  /// Whether that is the whole picture.
  let isEverywhere: Bool
  private let picture: PixelBox

  /// - Throws: `PoseError` with `.badOption` when a region has less than a pixel of the picture.
  init(_ regions: [PixelBox], in size: ImageSize) throws(PoseError) {
    let picture = PixelBox(x: 0, y: 0, width: Float(size.width), height: Float(size.height))
    var parts: [PixelBox] = []
    for region in regions {
      guard let part = region.intersection(picture) else {
        throw PoseError(
          .badOption, "the region \(region) has no pixel of the picture, which is \(size)")
      }
      parts.append(part)
    }
    isEverywhere = regions.isEmpty
    self.picture = picture
    self.parts = isEverywhere ? [picture] : parts
  }

  /// Whether a body is where it is looked for: by the middle of its hips, or by the nearest point of the picture where
  /// they are outside.
  func contains(_ body: RegionOfInterest) -> Bool {
    let nearest = picture.nearest(to: body.center)
    return isEverywhere || parts.contains { $0.nearest(to: nearest) == nearest }
  }
}

extension PixelBox {
  fileprivate func intersection(_ other: PixelBox) -> PixelBox? {
    let (left, top) = (max(x, other.x), max(y, other.y))
    let width = min(x + self.width, other.x + other.width) - left
    let height = min(y + self.height, other.y + other.height) - top
    return width >= 1 && height >= 1
      ? PixelBox(x: left, y: top, width: width, height: height) : nil
  }

  fileprivate func nearest(to point: Point<Pixels>) -> Point<Pixels> {
    Point(x: min(max(point.x, x), x + width), y: min(max(point.y, y), y + height))
  }
}
