import Synchronization

/// Compiled models, each lent to as many networks as may infer with it at once.
final class SharedModels: Sendable {
  private struct Key: Hashable {
    var model: Model
    var options: NetworkOptions
  }

  /// Where a model is compiled, one caller after the other.
  private final class Place: Sendable {
    let current = Mutex<(compiled: CompiledModel, left: Int)?>(nil)
  }

  private let places = Mutex<[Key: Place]>([:])

  /// A network of a model that has room for one more, which is compiled if there is none.
  func network(
    of model: Model, _ options: NetworkOptions, compile: () throws(InferenceError) -> CompiledModel
  ) throws(InferenceError) -> Network {
    let place = places.withLock { places in
      let key = Key(model: model, options: options)
      let place = places[key] ?? Place()
      places[key] = place
      return place
    }
    let compiled = try place.current.withLock { current throws(InferenceError) in
      let (compiled, left) =
        if let current { current } else { (try compile(), options.streams) }
      // Whom it is lent to keeps it; here it is forgotten with the last place.
      current = left > 1 ? (compiled, left - 1) : nil
      return compiled
    }
    return try Network(of: compiled)
  }
}
