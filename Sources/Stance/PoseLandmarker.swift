public import Images

/// Finds people and their landmarks in pictures: the library's one front door.
///
///     let landmarker = try PoseLandmarker()
///     let people = try landmarker.detect(in: image)
///     print(people.first?.landmarks[.leftShoulder].x ?? "nobody")
///
/// Stills are stateless and deterministic: the same pixels and options give the same numbers, from any number
/// of threads and tasks at once. Calls beyond the number of engines wait their turn.
public final class PoseLandmarker: Sendable {
  /// What is looked for when a call does not say otherwise.
  public let options: PoseOptions
  /// How inference runs.
  public let engineOptions: EngineOptions

  /// Loads the models that `options` need.
  ///
  /// - Throws: `InferenceError` when a model is missing or damaged, or the precision can't be had.
  public init(_ options: PoseOptions = PoseOptions(), engine: EngineOptions = EngineOptions()) throws {
    self.options = options
    self.engineOptions = engine
  }

  /// The people in a picture, best first. Blocks the calling thread.
  public func detect(in image: Image) throws -> [Person] {
    try result(for: image).people
  }

  /// People, model and timing for a picture. Blocks the calling thread.
  ///
  /// - Parameter options: instead of the landmarker's own; another complexity is loaded at its first use.
  public func result(for image: Image, options: PoseOptions? = nil) throws -> PoseResult {
    throw ImageError(.unsupportedFormat, "not built yet")
  }

  /// The same for encoded bytes: large JPEGs are decoded only as far as the job needs. Blocks the calling thread.
  public func result(for photo: EncodedImage, options: PoseOptions? = nil) throws -> PoseResult {
    throw ImageError(.unsupportedFormat, "not built yet")
  }
}
