import Inference
import Stance

/// All that the people found depend on.
struct SearchKey: Sendable, Hashable {
  let sha256: [UInt8]
  let options: PoseOptions
  let precision: Precision
  /// The models' SHA-256.
  let models: [String]

  /// - Parameter sha256: of the photo's bytes.
  init(sha256: [UInt8], _ options: PoseOptions, _ precision: Precision) {
    (self.sha256, self.options, self.precision) = (sha256, options, precision)
    models = options.complexity.models.flatMap(\.files).map(\.sha256)
  }
}

/// What makes two requests the same.
enum AnswerKey: Sendable, Hashable {
  case photo(SearchKey, Recipe)
  /// Without a cache nothing is shared.
  case alone(Int)
}

extension Complexity {
  /// The files that a result of this complexity depends on.
  fileprivate var models: [Model] {
    switch self {
    case .lite: [.detector, .lite]
    case .full: [.detector, .full]
    case .heavy: [.detector, .heavy]
    }
  }
}
