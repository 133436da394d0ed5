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
  private let peers: Int
  private let networks = Mutex<[Role: Network]>([:])

  /// What a network is for.
  enum Role: Hashable {
    case detector
    case landmarks(Complexity, segmentation: Bool)
    case bodies
    case boxes
  }

  /// At most so many engines share a model: all its streams are made ready at once, whether they are needed or not.
  private static let maxSharing = 4

  /// - Parameters:
  ///   - loader: engines that have one loader share the models' weights.
  ///   - threads: of one inference.
  ///   - peers: how many engines have that loader, this one among them.
  init(
    name: String, loader: NetworkLoader, precision: Precision, threads: Int, peers: Int = 1
  ) {
    queue = DispatchQueue(label: name, qos: .userInitiated)
    self.loader = loader
    self.precision = precision
    self.threads = threads
    self.peers = peers
  }

  /// The detector, loaded at its first use.
  func detector() throws -> PoseDetector {
    PoseDetector(network: try network(.detector))
  }

  /// The landmark model that the options ask for, loaded at its first use.
  func estimator(_ options: PoseOptions) throws -> LandmarkEstimator {
    LandmarkEstimator(network: try network(.landmarks(options)))
  }

  /// The scouts, loaded at their first use; nil when MoveNet is not there.
  func scouts() throws -> Scouts? {
    guard loader.folder.has(.moveNet) else { return nil }
    return Scouts(
      moveNet: MoveNet(network: try network(.bodies)),
      nanoDet: loader.folder.has(.nanoDet) ? NanoDet(network: try network(.boxes)) : nil)
  }

  /// Loads what the options need, the models side by side: start-up waits for the slowest one only.
  func load(_ options: PoseOptions) throws {
    let roles = [Role.detector, .landmarks(options)] + (options.search == .quick ? [] : scoutRoles)
    let failure = Mutex<(any Error)?>(nil)
    DispatchQueue.concurrentPerform(iterations: roles.count) { index in
      do { _ = try network(roles[index]) } catch { failure.withLock { $0 = error } }
    }
    if let error = failure.withLock({ $0 }) { throw error }
  }

  private var scoutRoles: [Role] {
    guard loader.folder.has(.moveNet) else { return [] }
    return loader.folder.has(.nanoDet) ? [.bodies, .boxes] : [.bodies]
  }

  private func network(_ role: Role) throws -> Network {
    if let network = networks.withLock({ $0[role] }) { return network }
    // Not under the lock: another role may load meanwhile. The pool lends an engine to one caller at a time, so
    // no role is loaded twice.
    let network = try loader.load(
      role.model,
      NetworkOptions(
        threads: threads, streams: min(peers, Self.maxSharing), precision: precision,
        outputs: role.outputs, input: role.input))
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
    case .bodies: .moveNet
    case .boxes: .nanoDet
    }
  }

  /// The segmentation output costs up to half of the landmark model's time: only who wants masks has it.
  fileprivate var outputs: [String] {
    switch self {
    case .detector: PoseDetector.outputs
    case .landmarks(_, segmentation: false): LandmarkEstimator.outputs
    case .landmarks(_, segmentation: true):
      LandmarkEstimator.outputs + [LandmarkEstimator.segmentationOutput]
    case .bodies: MoveNet.outputs
    case .boxes: NanoDet.outputs
    }
  }

  fileprivate var input: NetworkInput {
    switch self {
    case .detector, .landmarks: .asPublished
    case .bodies: MoveNet.input
    case .boxes: .pixelsForPlanes
    }
  }
}
