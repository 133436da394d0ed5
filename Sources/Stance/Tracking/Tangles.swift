import Images

/// People whose boxes overlap so far that one may be taken for the other.
struct Tangles {
  /// From this part of the smaller box on, two boxes overlap.
  static let minShared: Float = 0.3
  /// What is looked at is larger than the boxes by so much.
  static let margin: Float = 1.2

  /// People who overlap, directly or one over another.
  struct Group {
    /// Places in the list of boxes, in order.
    var members: [Int]
    /// A square round all of them, in pixels of the picture.
    var view: RegionOfInterest
  }

  /// The groups of two and more among boxes in pixels of the picture.
  static func groups(of boxes: [PixelBox]) -> [Group] {
    var group = Array(boxes.indices)
    for first in boxes.indices {
      for second in boxes.indices[(first + 1)...] where overlap(boxes[first], boxes[second]) {
        let (kept, merged) = (group[first], group[second])
        for index in group.indices where group[index] == merged { group[index] = kept }
      }
    }
    return Set(group).sorted().compactMap { name in
      let members = boxes.indices.filter { group[$0] == name }
      return members.count < 2
        ? nil : Group(members: members, view: view(members.map { boxes[$0] }))
    }
  }

  private static func overlap(_ first: PixelBox, _ second: PixelBox) -> Bool {
    first.sharedArea(with: second) > minShared * min(first.area, second.area)
  }

  private static func view(_ boxes: [PixelBox]) -> RegionOfInterest {
    let corners = boxes.flatMap { [($0.x, $0.y), ($0.x + $0.width, $0.y + $0.height)] }
    let all = PixelBox(round: corners.map { (x: $0.0, y: $0.1) })
    return RegionOfInterest(
      center: Point(x: all.x + all.width / 2, y: all.y + all.height / 2),
      side: margin * max(all.width, all.height), rotation: 0)
  }
}
