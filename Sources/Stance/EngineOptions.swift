public import Inference

/// How inference runs on this machine. Does not change what is found, but for `precision`.
public struct EngineOptions: Sendable, Hashable {
  /// How the cores are shared between pictures.
  public enum Profile: String, Sendable, Hashable, CaseIterable {
    /// One engine with all threads: the shortest time for one picture.
    case latency
    /// One engine a thread: the most pictures a second.
    case throughput
  }

  /// The arithmetic. f32 by default.
  public var precision: Precision
  /// How the threads are used. Latency by default.
  public var profile: Profile
  /// How many threads to use; nil: as many as the process may use (cgroup quota and affinity included).
  public var threads: Int?
  /// The folder of the model files; nil: looked for as `ModelFolder.find` says.
  public var modelFolder: String?
  /// Whether compiled models are kept on disk, for a faster start. On by default.
  public var usesCache: Bool

  /// Options; each has a default.
  public init(
    precision: Precision = .f32, profile: Profile = .latency, threads: Int? = nil,
    modelFolder: String? = nil, usesCache: Bool = true
  ) {
    self.precision = precision
    self.profile = profile
    self.threads = threads
    self.modelFolder = modelFolder
    self.usesCache = usesCache
  }
}
