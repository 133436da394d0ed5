/// Makes networks of model files, by way of the cache where there is one. Those of one loader, and of its copies, share
/// compiled models as far as these have streams.
package struct NetworkLoader: Sendable {
  /// Where the model files are.
  package let folder: ModelFolder
  /// Where compiled models are kept; nil: nowhere.
  package let cache: CompiledModelCache?
  private let shared = SharedModels()

  /// A loader for a folder and a cache.
  package init(folder: ModelFolder, cache: CompiledModelCache?) {
    self.folder = folder
    self.cache = cache
  }

  /// A network ready to run.
  ///
  /// - Throws: `InferenceError`: the model is missing or damaged, the precision is not to be had, or the runtime failed.
  package func load(_ model: Model, _ options: NetworkOptions) throws(InferenceError) -> Network {
    try shared.network(of: model, options) { () throws(InferenceError) in
      try compiled(model, options)
    }
  }

  private func compiled(
    _ model: Model, _ options: NetworkOptions
  ) throws(InferenceError) -> CompiledModel {
    try InferenceRuntime.require(options.precision)
    let path = try folder.verifiedPath(of: model)
    guard let cache else { return try CompiledModel(compiling: path, options) }
    let key = CompiledModelCache.key(model, options)
    if let compiled = cache.load(key, options) { return compiled }
    let compiled = try CompiledModel(compiling: path, options)
    if let bytes = try? compiled.exported() { cache.store(bytes, as: key) }
    return compiled
  }
}
