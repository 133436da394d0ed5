/// Makes networks of model files, by way of the cache where there is one.
package struct NetworkLoader: Sendable {
  /// Where the model files are.
  package let folder: ModelFolder
  /// Where compiled models are kept; nil: nowhere.
  package let cache: CompiledModelCache?

  /// A loader for a folder and a cache.
  package init(folder: ModelFolder, cache: CompiledModelCache?) {
    self.folder = folder
    self.cache = cache
  }

  /// A network ready to run.
  ///
  /// - Throws: `InferenceError`: the model is missing or damaged, the precision is not to be had, or the runtime failed.
  package func load(_ model: Model, _ options: NetworkOptions) throws(InferenceError) -> Network {
    try InferenceRuntime.require(options.precision)
    let path = try folder.verifiedPath(of: model)
    guard let cache else { return try Network(compiling: path, options) }
    let key = CompiledModelCache.key(model, options)
    if let bytes = cache.load(key), let network = try? Network(importing: bytes, options) {
      return network
    }
    let network = try Network(compiling: path, options)
    if let bytes = try? network.exported() { cache.store(bytes, as: key) }
    return network
  }
}
