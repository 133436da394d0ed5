import CInference
package import Files

/// A model ready to make networks of, which share its weights.
package final class CompiledModel: Sendable {
  private let handle: Handle
  private let file: MappedFile?

  /// Owns the C model, which any thread may use.
  private struct Handle: ~Copyable, @unchecked Sendable {
    let model: OpaquePointer
    deinit { stance_model_free(model) }
  }

  /// Reads and compiles a model file: 0.1 to 1 s of work.
  package init(compiling path: String, _ options: NetworkOptions) throws(InferenceError) {
    file = nil
    handle = Handle(
      model: try made { error, capacity in
        options.withC { stance_model_compile(path.cPath, $0, error, capacity) }
      })
  }

  /// Takes up what ``exported()`` gave: about 50 ms of work.
  ///
  /// - Parameters:
  ///   - file: stays mapped as long as the runtime refers to it.
  ///   - offset: where in the file the compiled model begins, less than the file's size.
  package init(
    importing file: MappedFile, from offset: Int, _ options: NetworkOptions
  ) throws(InferenceError) {
    let bytes = UnsafeRawBufferPointer(rebasing: file.bytes[offset...])
    guard let start = bytes.bindMemory(to: UInt8.self).baseAddress else {
      throw InferenceError(.failed, "the compiled model is empty")
    }
    self.file = file
    handle = Handle(
      model: try made { error, capacity in
        let lent = stance_lent_bytes(
          bytes: start, count: bytes.count,
          release: { Unmanaged<MappedFile>.fromOpaque($0).release() },
          context: Unmanaged.passRetained(file).toOpaque())
        return options.withC { stance_model_import(lent, $0, error, capacity) }
      })
  }

  /// The compiled model as bytes, for another process with the same runtime.
  package func exported() throws(InferenceError) -> [UInt8] {
    var bytes: [UInt8] = []
    try withUnsafeMutablePointer(to: &bytes) { target throws(InferenceError) in
      try reportingErrors { error, capacity in
        stance_model_export(
          handle.model,
          { context, start, count in
            context?.assumingMemoryBound(to: [UInt8].self).pointee =
              Array(UnsafeBufferPointer(start: start, count: count))
          }, target, error, capacity)
      }
    }
    return bytes
  }

  /// One more C network of the model.
  func makeNetwork() throws(InferenceError) -> OpaquePointer {
    try made { stance_network_create(handle.model, $0, $1) }
  }

  /// Gives back what only the first inference of a size needs. After it the runtime has the weights packed in its own
  /// way, and of the file needs little any more.
  func giveBackMemory() {
    file?.letGo()
    stance_give_back_memory()
  }
}

/// What a C call made, which else has written an error.
private func made(
  _ make: (UnsafeMutablePointer<CChar>, Int) -> OpaquePointer?
) throws(InferenceError) -> OpaquePointer {
  var made: OpaquePointer?
  try reportingErrors { error, capacity in
    made = make(error, capacity)
    return made == nil ? 1 : 0
  }
  guard let made else { throw InferenceError(.failed, "the runtime made nothing") }
  return made
}

/// Runs a C call that reports by status and text; its first line becomes the error's message.
func reportingErrors(
  _ call: (UnsafeMutablePointer<CChar>, Int) -> Int32
) throws(InferenceError) {
  let message: String? = withUnsafeTemporaryAllocation(of: CChar.self, capacity: 1024) { text in
    guard let start = text.baseAddress else { return nil }
    start.initialize(repeating: 0, count: text.count)
    return call(start, text.count) == 0 ? nil : String(cString: start)
  }
  guard let message else { return }
  let line = message.split(separator: "\n").last { !$0.isEmpty } ?? "unknown error"
  throw InferenceError(runtimeSays: line)
}
