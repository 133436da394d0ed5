import Dispatch
import Inference
import Synchronization

/// Networks of its own and a queue of its own: what one picture at a time is worked on with.
final class Engine: Sendable {
  /// Where an asynchronous caller's picture is worked on, off the shared pool.
  let queue: DispatchQueue
  private let loader: NetworkLoader
  private let precision: Precision
  private let threads: Int
  private let networks = Mutex<[Role: Network]>([:])

  /// What a network is for.
  enum Role: Hashable {
    case detector
    case landmarks(Complexity, segmentation: Bool)
  }

  init(name: String, loader: NetworkLoader, precision: Precision, threads: Int) {
    queue = DispatchQueue(label: name, qos: .userInitiated)
    self.loader = loader
    self.precision = precision
    self.threads = threads
  }

  /// The detector, loaded at its first use.
  func detector() throws -> PoseDetector {
    PoseDetector(network: try network(.detector))
  }

  /// The landmark model that the options ask for, loaded at its first use.
  func estimator(_ options: PoseOptions) throws -> LandmarkEstimator {
    LandmarkEstimator(network: try network(.landmarks(options)))
  }

  /// Loads what the options need, the models side by side: start-up waits for the slower one only.
  func load(_ options: PoseOptions) throws {
    let roles = [Role.detector, .landmarks(options)]
    let failure = Mutex<(any Error)?>(nil)
    DispatchQueue.concurrentPerform(iterations: roles.count) { index in
      do { _ = try network(roles[index]) } catch { failure.withLock { $0 = error } }
    }
    if let error = failure.withLock({ $0 }) { throw error }
  }

  private func network(_ role: Role) throws -> Network {
    if let network = networks.withLock({ $0[role] }) { return network }
    // Not under the lock: another role may load meanwhile. The pool lends an engine to one caller at a time, so
    // no role is loaded twice.
    let network = try loader.load(
      role.model,
      NetworkOptions(threads: threads, precision: precision, outputs: role.outputs))
    networks.withLock { $0[role] = network }
    return network
  }
}

extension Engine.Role {
  fileprivate static func landmarks(_ options: PoseOptions) -> Self {
    .landmarks(options.complexity, segmentation: options.segmentation)
  }

  fileprivate var model: Model {
    switch self {
    case .detector: .detector
    case .landmarks(.lite, _): .lite
    case .landmarks(.full, _): .full
    case .landmarks(.heavy, _): .heavy
    }
  }

  /// The segmentation output costs up to half of the landmark model's time: only who wants masks has it.
  fileprivate var outputs: [String] {
    switch self {
    case .detector: PoseDetector.outputs
    case .landmarks(_, segmentation: false): LandmarkEstimator.outputs
    case .landmarks(_, segmentation: true):
      LandmarkEstimator.outputs + [LandmarkEstimator.segmentationOutput]
    }
  }
}
