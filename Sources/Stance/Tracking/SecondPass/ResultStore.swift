import Files
import Images

/// The first pass's results in two nameless files, records of one size each: memory stays as it is, however long the clip.
///
/// A person in a frame takes 1.7 kB, with raw landmarks 3.4 kB, a frame 0.1 kB. Masks are not kept. Whoever has it may
/// change it, one at a time.
struct ResultStore: Sendable {
  /// So many frames, and so many sights, can be numbered.
  private static let mostRecords = Int(Int32.max)
  private static let frameSize = MemoryLayout<FrameRecord>.stride

  private let frames: ScratchFile
  private let sights: ScratchFile
  private let sightSize: Int
  private let limit: Int
  let keepsRaw: Bool
  /// Whether a frame had no room: a later, smaller one must not leave a hole.
  private var isFull = false
  private(set) var frameCount = 0
  private(set) var sightCount = 0
  /// The first frame's result, without people: model and search are the same in all frames.
  private(set) var sample: PoseResult?

  /// An empty store.
  ///
  /// - Parameters:
  ///   - limit: the bytes that all records may take.
  ///   - folder: where the files are; nil: in `TMPDIR` or `/tmp`.
  init(limit: Int, keepsRaw: Bool, in folder: String? = nil) throws(FileError) {
    (self.limit, self.keepsRaw) = (limit, keepsRaw)
    sightSize = MemoryLayout<SightRecord>.stride + 4 * SightFloats.count(withRaw: keepsRaw)
    frames = try ScratchFile(limit: limit + limit / 8, in: folder)
    sights = try ScratchFile(limit: limit + limit / 8, in: folder)
  }

  /// What the records take.
  var byteCount: Int { frameCount * Self.frameSize + sightCount * sightSize }

  // MARK: Writing

  /// Keeps a frame with its people: those with an id, each id once.
  ///
  /// - Returns: the ids and their sights' numbers.
  /// - Throws: `PoseError` with `.tooLong` beyond the limit, with `.badTime` when the time is not after the last frame's;
  ///   `FileError` when the disk is full.
  mutating func append(_ frame: TrackedFrame) throws -> [(id: Int, sight: Int)] {
    let last = frameCount > 0 ? self[frame: frameCount - 1] : nil
    guard frame.time.isFinite, frame.time > last?.time ?? -.infinity else {
      throw PoseError(
        .badTime,
        "the frame's time is \(frame.time) s; it must be after the last frame's, \(last?.time ?? 0) s"
      )
    }
    var ids: Set<Int> = []
    let people = frame.people.compactMap { person -> (id: Int, person: Person)? in
      guard let id = person.id, ids.insert(id).inserted else { return nil }
      return (id, person)
    }
    do { try makeRoom(frames: 1, sights: people.count, limit: isFull ? 0 : limit) } catch {
      isFull = true
      throw error
    }
    if sample == nil {
      sample = frame.result
      sample?.people = []
    }
    let timing = frame.result.timing
    self[frame: frameCount] = FrameRecord(
      index: frame.index, time: frame.time, width: Int32(clamping: frame.result.imageSize.width),
      height: Int32(clamping: frame.result.imageSize.height), firstSight: SightRecord.none,
      scene: (last?.scene ?? 0) + (frame.isCut ? 1 : 0),
      landmarkPasses: Int32(clamping: frame.passes.landmarks),
      detectorPasses: Int32(clamping: frame.passes.detector),
      scoutPasses: Int32(clamping: frame.passes.scouts), decode: timing.decode / .seconds(1),
      detect: timing.detect / .seconds(1), landmarks: timing.landmarks / .seconds(1),
      total: timing.total / .seconds(1))
    frameCount += 1
    return people.map { id, person in
      let sight = add(
        SightRecord(
          frame: Int32(frameCount - 1), id: Int32(clamping: id), isFilled: person.isFilled,
          isUncertain: person.isUncertain, score: person.score, presence: person.presence,
          confidence: person.confidence, bodyRadius: person.clues?.bodyRadius))
      setColors(person.clues?.colors, of: sight)
      set(person.landmarks, of: sight, at: SightFloats.landmarks)
      set(person.worldLandmarks, of: sight, at: SightFloats.worldLandmarks)
      return (id, sight)
    }
  }

  /// Keeps one more person of a frame that is there already. All such may take an eighth more than the limit, so that what
  /// was kept up to there can be finished.
  ///
  /// - Returns: the sight's number. Its floats are 0.
  mutating func insert(_ record: SightRecord) throws -> Int {
    try makeRoom(frames: 0, sights: 1, limit: limit + limit / 8)
    return add(record)
  }

  private mutating func add(_ record: SightRecord) -> Int {
    let sight = sightCount
    sightCount += 1
    var record = record
    record.nextInFrame = self[frame: Int(record.frame)].firstSight
    self[frame: Int(record.frame)].firstSight = Int32(sight)
    self[sight] = record
    return sight
  }

  private func makeRoom(frames: Int, sights: Int, limit: Int) throws {
    let (frames, sights) = (frameCount + frames, sightCount + sights)
    guard frames * Self.frameSize + sights * sightSize <= limit, frames < Self.mostRecords,
      sights < Self.mostRecords
    else {
      throw PoseError(
        .tooLong,
        "the results of \(frameCount) frames with \(sightCount) people take the \(self.limit) bytes that a second pass "
          + "may use; a part of the clip, or one pass, takes less")
    }
    try self.frames.reserve(frames * Self.frameSize)
    try self.sights.reserve(sights * sightSize)
  }

  // MARK: Records

  subscript(frame number: Int) -> FrameRecord {
    get { frames.bytes.load(fromByteOffset: number * Self.frameSize, as: FrameRecord.self) }
    nonmutating set {
      frames.bytes.storeBytes(
        of: newValue, toByteOffset: number * Self.frameSize, as: FrameRecord.self)
    }
  }

  subscript(sight: Int) -> SightRecord {
    get { sights.bytes.load(fromByteOffset: sight * sightSize, as: SightRecord.self) }
    nonmutating set {
      sights.bytes.storeBytes(of: newValue, toByteOffset: sight * sightSize, as: SightRecord.self)
    }
  }

  /// A number of a sight, at a place that ``SightFloats`` names.
  subscript(sight: Int, float place: Int) -> Float {
    get { sights.bytes.load(fromByteOffset: offset(sight, place), as: Float.self) }
    nonmutating set {
      sights.bytes.storeBytes(of: newValue, toByteOffset: offset(sight, place), as: Float.self)
    }
  }

  private func offset(_ sight: Int, _ place: Int) -> Int {
    sight * sightSize + MemoryLayout<SightRecord>.stride + 4 * place
  }

  // MARK: What records mean

  func time(of sight: Int) -> Double { self[frame: Int(self[sight].frame)].time }

  /// Between sights of one scene there is no cut.
  func scene(of sight: Int) -> Int32 { self[frame: Int(self[sight].frame)].scene }

  func size(of sight: Int) -> ImageSize {
    let frame = self[frame: Int(self[sight].frame)]
    return ImageSize(width: Int(frame.width), height: Int(frame.height))
  }

  func body(of sight: Int) -> BodyShape {
    let landmarks: Landmarks<Normalized> = landmarks(of: sight, at: SightFloats.landmarks)
    return BodyShape(landmarks.pixels(in: size(of: sight)))
  }

  /// The sights of a frame, the last one that was kept first.
  func sights(inFrame number: Int) -> some Sequence<Int> {
    Self.chain(self[frame: number].firstSight) { self[$0].nextInFrame }
  }

  /// A sight and the same person's later ones.
  func sights(from first: Int) -> some Sequence<Int> {
    Self.chain(Int32(first)) { self[$0].next }
  }

  private static func chain(
    _ first: Int32, _ next: @escaping (Int) -> Int32
  ) -> some Sequence<Int> {
    sequence(first: Int(first)) { Int(next($0)) }.lazy.prefix { $0 != Int(SightRecord.none) }
  }

  /// A body of a sight, at a place that ``SightFloats`` names.
  func landmarks<Frame>(of sight: Int, at place: Int) -> Landmarks<Frame> {
    let start = offset(sight, place)
    return Landmarks(
      [Landmark<Frame>](unsafeUninitializedCapacity: LandmarkName.count) { landmarks, count in
        UnsafeMutableRawBufferPointer(landmarks).copyMemory(
          from: UnsafeRawBufferPointer(
            rebasing: sights.bytes[start..<start + SightFloats.bodySize]))
        count = LandmarkName.count
      })
  }

  func set<Frame>(_ landmarks: Landmarks<Frame>, of sight: Int, at place: Int) {
    let start = offset(sight, place)
    landmarks.withUnsafeBytes {
      UnsafeMutableRawBufferPointer(rebasing: sights.bytes[start..<start + SightFloats.bodySize])
        .copyMemory(from: $0)
    }
  }

  /// What the person wears, nil when nobody looked.
  func colors(of sight: Int) -> ColorSignature? {
    let colors = (0..<ColorSignature.placeCount).map { place -> SIMD3<Float>? in
      func number(_ part: Int) -> Float {
        self[sight, float: SightFloats.colors + 3 * place + part]
      }
      return number(0) < 0 ? nil : SIMD3(number(0), number(1), number(2))
    }
    return colors.contains { $0 != nil } ? ColorSignature(colors) : nil
  }

  private func setColors(_ signature: ColorSignature?, of sight: Int) {
    for place in 0..<ColorSignature.placeCount {
      let color = signature?.color(at: place) ?? SIMD3(repeating: -1)
      for part in 0..<3 {
        self[sight, float: SightFloats.colors + 3 * place + part] = color[part]
      }
    }
  }
}
