import Stance

/// How much is done for one photo: what decides, beside the photo itself, how long its search takes.
struct Effort: Sendable, Hashable {
  var complexity: Complexity
  var search: SearchMode

  init(complexity: Complexity, search: SearchMode) {
    (self.complexity, self.search) = (complexity, search)
  }

  init(_ options: PoseOptions) {
    self.init(complexity: options.complexity, search: options.search)
  }

  /// This effort, then ever lesser ones, one step each: first a quicker search, which saves most, then a lighter model.
  var levels: [Effort] { Array(sequence(first: self, next: \.lesser)) }

  private var lesser: Effort? {
    if let quicker = search.quicker { return Effort(complexity: complexity, search: quicker) }
    return Complexity(rawValue: complexity.rawValue - 1).map {
      Effort(complexity: $0, search: search)
    }
  }
}

extension SearchMode {
  fileprivate var quicker: SearchMode? {
    switch self {
    case .thorough: .auto
    case .auto: .quick
    case .quick: nil
    }
  }
}
