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
  /// How many calls may wait for an engine; one more fails with `PoseError.Code.overloaded`. 1024 by default.
  public var maxWaiting: Int
  /// Whether compiled models are kept on disk, for a faster start. On by default.
  public var usesCache: Bool

  /// Options; each has a default.
  public init(
    precision: Precision = .f32, profile: Profile = .latency, threads: Int? = nil,
    modelFolder: String? = nil, maxWaiting: Int = 1024, usesCache: Bool = true
  ) {
    self.precision = precision
    self.profile = profile
    self.threads = threads
    self.modelFolder = modelFolder
    self.maxWaiting = maxWaiting
    self.usesCache = usesCache
  }
}

extension EngineOptions {
  /// How many engines there are, and how many threads each has.
  var layout: (engines: Int, threadsPerEngine: Int) {
    let threads = max(1, self.threads ?? InferenceRuntime.availableCores)
    return profile == .latency ? (1, threads) : (threads, 1)
  }

  /// - Throws: `PoseError` with `.badOption` when a number is outside its range.
  func validate() throws(PoseError) {
    if let threads, !(1...1024).contains(threads) {
      throw PoseError(.badOption, "threads is \(threads); it must be from 1 to 1024")
    }
    guard maxWaiting >= 0 else {
      throw PoseError(.badOption, "maxWaiting is \(maxWaiting); it must be at least 0")
    }
  }
}
