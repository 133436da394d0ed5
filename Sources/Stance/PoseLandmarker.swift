public import Images
import Inference

/// Finds people and their landmarks in pictures: the library's one front door.
///
///     let landmarker = try PoseLandmarker()
///     let people = try landmarker.detect(in: image)
///     print(people.first?.landmarks[.leftShoulder].x ?? "nobody")
///
/// Stills are stateless and deterministic: the same pixels and options give the same numbers, from any number
/// of threads and tasks at once. Calls beyond the number of engines wait their turn.
///
/// Each call comes twice: one blocks the calling thread, the other (`async`) works on an engine's own queue.
public final class PoseLandmarker: Sendable {
  /// What is looked for when a call does not say otherwise.
  public let options: PoseOptions
  /// How inference runs.
  public let engineOptions: EngineOptions
  private let pool: EnginePool
  private let turn: EngineTurn

  /// Loads the models that `options` need.
  ///
  /// - Throws: `InferenceError` when a model is missing or damaged, or the precision can't be had; `PoseError` when
  ///   an option is out of range.
  public init(_ options: PoseOptions = PoseOptions(), engine: EngineOptions = EngineOptions())
    throws
  {
    try options.validate()
    try engine.validate()
    self.options = options
    self.engineOptions = engine
    let loader = NetworkLoader(
      folder: .named(engine.modelFolder),
      cache: engine.usesCache ? .standard : nil)
    let layout = engine.layout
    let engines = (1...layout.engines).map { number in
      Engine(
        name: "stance.engine.\(number)", loader: loader, precision: engine.precision,
        threads: layout.threadsPerEngine, peers: layout.engines)
    }
    // One engine is loaded now, so that what is wrong shows here; the others when they are first needed.
    try engines.last?.load(options)
    pool = EnginePool(engines, maxWaiting: engine.maxWaiting)
    turn = .prompt
  }

  /// The same engines for work that may wait: its calls get one when no other caller waits, and every tenth turn in any case.
  package var patient: PoseLandmarker { PoseLandmarker(sharing: self, .patient) }

  private init(sharing other: PoseLandmarker, _ turn: EngineTurn) {
    (options, engineOptions, pool) = (other.options, other.engineOptions, other.pool)
    self.turn = turn
  }

  /// The people in a picture, best first.
  public func detect(in image: Image) throws -> [Person] {
    try result(for: image).people
  }

  /// The people in a picture, best first.
  public func detect(in image: Image) async throws -> [Person] {
    try await result(for: image).people
  }

  /// People, model and timing for a picture.
  ///
  /// - Parameter options: instead of the landmarker's own; another complexity is loaded at its first use.
  public func result(for image: Image, options: PoseOptions? = nil) throws -> PoseResult {
    let search = try search(options)
    return try withEngine { try search.run(with: $0) { Photo(image) }.result }
  }

  /// People, model and timing for a picture.
  ///
  /// - Parameter options: instead of the landmarker's own; another complexity is loaded at its first use.
  public func result(for image: Image, options: PoseOptions? = nil) async throws -> PoseResult {
    let search = try search(options)
    return try await withEngine { try search.run(with: $0) { Photo(image) }.result }
  }

  /// The same for encoded bytes: JPEGs from 8 megapixels on are decoded only as far as the job needs.
  ///
  /// - Throws: also `ImageError` when the bytes are damaged.
  public func result(for photo: EncodedImage, options: PoseOptions? = nil) throws -> PoseResult {
    let search = try search(options)
    return try withEngine { try search.run(with: $0) { try Photo(photo) }.result }
  }

  /// The same for encoded bytes: JPEGs from 8 megapixels on are decoded only as far as the job needs.
  ///
  /// - Throws: also `ImageError` when the bytes are damaged.
  public func result(for photo: EncodedImage, options: PoseOptions? = nil) async throws
    -> PoseResult
  {
    let search = try search(options)
    return try await withEngine { try search.run(with: $0) { try Photo(photo) }.result }
  }

  /// The same, with the photo as far as it was decoded: whoever draws on it need not decode it again.
  package func resultAndPhoto(
    for photo: EncodedImage, options: PoseOptions? = nil
  ) throws -> (result: PoseResult, photo: Photo) {
    let search = try search(options)
    return try withEngine { try search.run(with: $0) { try Photo(photo) } }
  }

  /// The same, with the photo as far as it was decoded; the wait for an engine is no part of its timing.
  ///
  /// - Parameter onStart: called when that wait is over.
  package func resultAndPhoto(
    for photo: EncodedImage, options: PoseOptions? = nil,
    onStart: @escaping @Sendable () -> Void = {}
  ) async throws -> (result: PoseResult, photo: Photo) {
    let options = options ?? self.options
    try options.validate()
    return try await withEngine { engine in
      onStart()
      return try self.search(options).run(with: engine) { try Photo(photo) }
    }
  }

  /// Runs `body` with an engine on the calling thread.
  func withEngine<Result>(_ body: (Engine) throws -> Result) throws -> Result {
    try pool.withEngine(turn, body)
  }

  /// Runs `body` with an engine on the engine's own queue.
  func withEngine<Result: Sendable>(
    _ body: @escaping @Sendable (Engine) throws -> Result
  ) async throws -> Result {
    try await pool.withEngine(turn, body)
  }

  private func search(_ options: PoseOptions?) throws -> StillSearch {
    let options = options ?? self.options
    try options.validate()
    return StillSearch(options: options, precision: engineOptions.precision)
  }
}
