import Images

/// The models that look for people where BlazePose's detector sees too little.
struct Scouts: Sendable {
  /// Bodies in the picture, its tiles, and the surroundings of boxes.
  var moveNet: MoveNet
  /// Boxes of people whom MoveNet does not see; the search goes on without them.
  var nanoDet: NanoDet?
}

/// A person as all scouts together saw it.
struct Scouted {
  var body: ScoutedBody
  /// The score of the best box round the same person, 0 where none was seen.
  var boxScore: Float = 0

  /// The most evidence that there can be for the person, 0...1: what the landmark model sees can only take away.
  var promise: Float { (body.score * body.surest * (0.5 + boxScore)).squareRoot() }
}

/// Looks for people with every scout, and tells who of several views is one and the same.
struct Scouting {
  /// From this score on a body counts: the scores are low, and the judge comes later.
  static let minBodyScore: Float = 0.1
  /// From this score on a box counts.
  static let minBoxScore: Float = 0.3
  /// At most so many boxes of a view are looked at, the best.
  static let maxBoxes = 40
  /// With less promise than this nobody of the open photos came near to being returned.
  static let minPromise: Float = 0.2
  /// A box that overlaps a body by so much is that body's.
  static let sameOverlap: Float = 0.4
  /// The body that is seen in a box overlaps it by so much.
  static let minOverlap: Float = 0.3
  /// The square that is looked at round a box, in its longer sides.
  static let surroundings: Float = 1.25
  /// The square in which a body of the landmark model is judged, in sides of its region.
  static let opinionSide: Float = 0.9
  /// Bodies more alike than this are one.
  static let sameBody: Float = 0.5
  /// Bodies that come so near to an edge of a tile that is none of the picture, in tile sides, are cut by it.
  static let cutMargin: Float = 0.02

  private let scouts: Scouts
  private let size: ImageSize
  private var picture: ImagePyramid

  /// - Parameter photo: as far as it was decoded.
  init(_ scouts: Scouts, in photo: Photo) {
    (self.scouts, size) = (scouts, photo.size)
    picture = ImagePyramid(photo.image, scale: photo.scale)
  }

  /// Goes on with a photo that was decoded anew, finer.
  mutating func use(_ photo: Photo) { picture = ImagePyramid(photo.image, scale: photo.scale) }

  /// Whether there is a scout for boxes.
  var seesBoxes: Bool { scouts.nanoDet != nil }

  /// Boxes in a view, best first.
  mutating func boxes(in view: RegionOfInterest, isWhole: Bool) throws -> [ScoutedBox] {
    guard let nanoDet = scouts.nanoDet else { return [] }
    let boxes = try nanoDet.look(at: &picture, within: view, minScore: Self.minBoxScore)
      .filter { isWhole || !isCut($0.box, by: view) }
    return Array(boxes.prefix(Self.maxBoxes))
  }

  /// The boxes that are of none of the bodies. Bodies that a box is round of take its score.
  static func unknown(_ boxes: [ScoutedBox], to people: inout [Scouted]) -> [ScoutedBox] {
    boxes.filter { box in
      var isKnown = false
      for index in people.indices
      where people[index].body.box.overlap(with: box.box) > sameOverlap {
        people[index].boxScore = max(people[index].boxScore, box.score)
        isKnown = true
      }
      return !isKnown
    }
  }

  /// Bodies in a view.
  mutating func bodies(in view: RegionOfInterest, isWhole: Bool) throws -> [Scouted] {
    try look(within: view, side: MoveNet.partSide)
      .filter { isWhole || !isCut($0.box, by: view) }
      .map { Scouted(body: $0) }
  }

  /// The body that a box is round, nil if none can be seen.
  ///
  /// - Parameter rotation: how the body is thought to be turned, radians, clockwise; nil: as the box was seen.
  mutating func body(in box: ScoutedBox, turned rotation: Float? = nil) throws -> Scouted? {
    var view = box.surroundings
    if let rotation { view.rotation = rotation }
    let best = try bodies(near: view).map {
      (body: $0.body, overlap: $0.body.box.overlap(with: box.box))
    }
    .max { $0.overlap < $1.overlap }
    guard let best, best.overlap > Self.minOverlap else { return nil }
    return Scouted(body: best.body, boxScore: box.score)
  }

  /// Bodies in one person's surroundings.
  mutating func bodies(near view: RegionOfInterest) throws -> [Scouted] {
    try look(within: view, side: MoveNet.closeUpSide).map { Scouted(body: $0) }
  }

  private mutating func look(within view: RegionOfInterest, side: Int) throws -> [ScoutedBody] {
    try scouts.moveNet.look(
      at: &picture, within: view, side: side, minScore: Self.minBodyScore)
  }

  /// What MoveNet says of a body that the landmark model sees, nil if it sees nobody there.
  mutating func opinion(of estimate: PoseEstimate) throws -> Scouted? {
    try bodies(near: estimate.region.forOpinion)
      .map { ($0, $0.body.agreement(with: estimate)) }.max { $0.1 < $1.1 }?.0
  }

  /// The best view of each person, in order of quality.
  static func merged(_ people: [Scouted]) -> [Scouted] {
    people.sorted { $0.body.quality > $1.body.quality }.reduce(into: []) { kept, person in
      if let known = kept.firstIndex(where: { $0.body.likeness(to: person.body) > sameBody }) {
        kept[known].boxScore = max(kept[known].boxScore, person.boxScore)
      } else {
        kept.append(person)
      }
    }
  }

  /// Whether a box touches an edge of an upright view that lies inside the picture.
  private func isCut(_ box: PixelBox, by view: RegionOfInterest) -> Bool {
    let margin = Self.cutMargin * view.side
    let (left, top) = (view.center.x - view.side / 2, view.center.y - view.side / 2)
    let (right, bottom) = (left + view.side, top + view.side)
    return left > 0 && box.x < left + margin || top > 0 && box.y < top + margin
      || right < Float(size.width) && box.x + box.width > right - margin
      || bottom < Float(size.height) && box.y + box.height > bottom - margin
  }
}

extension RegionOfInterest {
  /// The square in which a scout judges a body of the landmark model.
  var forOpinion: RegionOfInterest {
    var view = self
    view.side *= Scouting.opinionSide
    return view
  }
}

extension ScoutedBox {
  /// The square that is looked at to see who is in the box, in pixels of the picture.
  var surroundings: RegionOfInterest {
    RegionOfInterest(
      center: Point(x: box.x + box.width / 2, y: box.y + box.height / 2),
      side: Scouting.surroundings * max(box.width, box.height), rotation: rotation)
  }
}
