import Images

extension ResultStore {
  /// A frame with its people in order of the ids; nobody is lost.
  ///
  /// - Precondition: it is kept.
  func frame(_ number: Int) -> TrackedFrame {
    guard var result = sample else { preconditionFailure("frame \(number) of none") }
    let record = self[frame: number]
    result.imageSize = ImageSize(width: Int(record.width), height: Int(record.height))
    result.people = sights(inFrame: number).map { person($0, in: result.imageSize) }
      .sorted { ($0.id ?? 0) < ($1.id ?? 0) }
    result.peopleFound = result.people.count
    result.timing = PoseTiming(
      decode: .seconds(record.decode), detect: .seconds(record.detect),
      landmarks: .seconds(record.landmarks), total: .seconds(record.total))
    return TrackedFrame(
      index: record.index, time: record.time, result: result, lost: [],
      passes: PassCount(
        landmarks: Int(record.landmarkPasses), detector: Int(record.detectorPasses),
        scouts: Int(record.scoutPasses)))
  }

  /// A person in a picture of that size.
  func person(_ sight: Int, in size: ImageSize) -> Person {
    let record = self[sight]
    let landmarks: Landmarks<Normalized> = landmarks(of: sight, at: SightFloats.landmarks)
    var person = Person(
      id: Int(record.id), score: record.score, presence: record.presence,
      confidence: record.confidence, box: PixelBox(round: landmarks.pixels(in: size)),
      landmarks: landmarks,
      worldLandmarks: self.landmarks(of: sight, at: SightFloats.worldLandmarks))
    (person.isFilled, person.isUncertain) = (record.isFilled, record.isUncertain)
    if keepsRaw, !record.isFilled {
      person.raw = RawLandmarks(
        landmarks: self.landmarks(of: sight, at: SightFloats.rawLandmarks),
        worldLandmarks: self.landmarks(of: sight, at: SightFloats.rawWorldLandmarks))
    }
    return person
  }
}
