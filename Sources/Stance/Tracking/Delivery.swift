import Images

/// A frame on its way out.
struct PendingFrame: Sendable {
  var index: Int
  var time: Double
  var session: SessionFrame
  var result: PoseResult
  var passes: PassCount
  var tracking = TrackingOptions()

  /// The frame with those of its people who are surely some.
  func delivered(_ identities: inout Identities, isSure: (Track.Key) -> Bool) -> TrackedFrame {
    var result = result
    // In order of appearance: who was first in an earlier frame has the lower key.
    let people = session.people.filter { isSure($0.key) }.sorted { $0.key < $1.key }
    result.people = people.map { person in
      Person(person, id: identities.id(of: person.key), in: result.imageSize, tracking)
    }.sorted { ($0.id ?? 0) < ($1.id ?? 0) }
    result.peopleFound = result.people.count
    var frame = TrackedFrame(
      index: index, time: time, result: result,
      lost: session.lost.compactMap { identities.known($0) }.sorted(), passes: passes)
    frame.isCut = session.isCut
    return frame
  }
}

/// Results at once: who may still be a false find is left out.
struct LiveDelivery: Sendable {
  private(set) var identities = Identities()

  mutating func deliver(_ frame: PendingFrame) -> TrackedFrame {
    let confirmed = Set(frame.session.confirmed)
    identities.keep(confirmed.contains)
    return frame.delivered(&identities, isSure: confirmed.contains)
  }
}

/// Results that wait until it is sure who is somebody, so that everybody is there from the first sight on.
struct PatientDelivery: Sendable {
  /// A frame waits for so many seconds of the source at most.
  static let maxWait = 0.5

  private(set) var identities = Identities()
  private(set) var waiting: [PendingFrame] = []
  /// Tracks that are surely of people, as long as somebody may ask.
  private(set) var sure: Set<Track.Key> = []

  /// Takes a frame in.
  ///
  /// - Returns: the frames that are sure by now, in order.
  mutating func add(_ frame: PendingFrame) -> [TrackedFrame] {
    waiting.append(frame)
    sure.formUnion(frame.session.confirmed)
    let open = Set(frame.session.open)
    sure.formUnion(open.filter { isOverdue($0, at: frame.time) })
    let stillOpen = waiting.firstIndex { waiting in
      frame.time - waiting.time < Self.maxWait
        && waiting.session.people.contains { open.contains($0.key) }
    }
    defer {
      let wanted = Set(waiting.flatMap { $0.session.people.map(\.key) + $0.session.lost })
      sure.formIntersection(wanted.union(frame.session.confirmed).union(open))
      identities.keep(sure.contains)
    }
    return deliver(stillOpen ?? waiting.count)
  }

  /// Whether somebody was seen twice whose first sight can wait no longer: where frames are rare a third one comes too
  /// late.
  private func isOverdue(_ key: Track.Key, at time: Double) -> Bool {
    let sights = waiting.filter { $0.session.people.contains { $0.key == key } }
    guard sights.count > 1, let first = sights.first else { return false }
    return time - first.time >= Self.maxWait
  }

  /// The end of the source: no more sights will come, so whoever is open counts.
  mutating func finish() -> [TrackedFrame] {
    sure.formUnion(waiting.last?.session.open ?? [])
    return deliver(waiting.count)
  }

  private mutating func deliver(_ count: Int) -> [TrackedFrame] {
    let frames = waiting.prefix(count).map { $0.delivered(&identities, isSure: sure.contains) }
    waiting.removeFirst(count)
    return frames
  }
}

extension Person {
  fileprivate init(
    _ person: TrackedPerson, id: Int, in size: ImageSize, _ tracking: TrackingOptions
  ) {
    var finding = Finding(byOneLook: person.raw, in: size)
    finding.estimate = person.estimate
    self.init(finding, in: size)
    (self.id, score, mask) = (id, person.score, person.mask)
    if tracking.keepsRaw {
      raw = RawLandmarks(
        landmarks: person.raw.landmarks.normalized(in: size),
        worldLandmarks: person.raw.worldLandmarks)
    }
    if tracking.passes > 1 {
      clues = SightClues(colors: person.colors, bodyRadius: person.raw.auxiliaryRadius)
    }
  }
}
