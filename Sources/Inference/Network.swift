import CInference
import Files
import Synchronization

/// What a network's input takes.
package enum NetworkInput: Sendable, Hashable {
  /// What the model has, which must be floats.
  case asPublished
  /// R, G, B from 0 to 255, row-major, for a model of no fixed size that wants these: a square of that side in pixels.
  case pixels(side: Int)
  /// R, G, B from 0 to 255, row-major, for a model that wants planes of B, G and R.
  case pixelsForPlanes

  fileprivate var side: Int32 { if case .pixels(let side) = self { Int32(side) } else { 0 } }
}

/// How a model is compiled.
package struct NetworkOptions: Sendable, Hashable {
  /// Threads of one inference.
  package var threads: Int
  /// The arithmetic.
  package var precision: Precision
  /// Names of the outputs to keep; the others are cut out of the model.
  package var outputs: [String]
  /// What the input takes.
  package var input: NetworkInput

  /// Options of the given parts.
  package init(
    threads: Int, precision: Precision, outputs: [String], input: NetworkInput = .asPublished
  ) {
    self.threads = threads
    self.precision = precision
    self.outputs = outputs
    self.input = input
  }

  fileprivate func withC<Result>(
    _ body: (UnsafePointer<stance_network_options>) -> Result
  ) -> Result {
    precision.rawValue.withCString { precision in
      outputs.joined(separator: ",").withCString { outputs in
        var options = stance_network_options(
          threads: Int32(threads), precision: precision, outputs: outputs, side: input.side,
          takes_rgb_pixels: input == .asPublished ? 0 : 1,
          planar_bgr: input == .pixelsForPlanes ? 1 : 0)
        return body(&options)
      }
    }
  }
}

/// One compiled model with its input and outputs.
///
/// Calls from several threads take turns; for parallel inference make several networks.
package final class Network: Sendable {
  private let handle: Mutex<Handle>

  /// Reads and compiles a model file: 0.1 to 1 s of work.
  package init(compiling path: String, _ options: NetworkOptions) throws(InferenceError) {
    handle = Mutex(
      try Handle { error, capacity in
        options.withC { stance_network_compile(path.cPath, $0, error, capacity) }
      })
  }

  /// Takes up what ``exported()`` gave: about 50 ms of work.
  package init(importing bytes: [UInt8], _ options: NetworkOptions) throws(InferenceError) {
    handle = Mutex(
      try Handle { error, capacity in
        options.withC { stance_network_import(bytes, bytes.count, $0, error, capacity) }
      })
  }

  /// The compiled model as bytes, for another process with the same runtime.
  package func exported() throws(InferenceError) -> [UInt8] {
    try handle.withLock { handle throws(InferenceError) in try handle.exported() }
  }

  /// One inference: `fill` writes the input, `read` takes what it needs from the outputs.
  ///
  /// The buffers live only during the closures. Inputs and outputs are row-major, in the model's own shapes.
  package func run<Result: Sendable>(
    fill: (UnsafeMutableBufferPointer<Float>) -> Void,
    read: (borrowing NetworkOutputs) throws -> Result
  ) throws -> Result {
    try handle.withLock { handle in
      fill(handle.input)
      try handle.infer()
      return try read(NetworkOutputs(network: handle.network))
    }
  }
}

/// The outputs of the inference that has just run.
package struct NetworkOutputs: ~Copyable {
  private let network: OpaquePointer

  fileprivate init(network: OpaquePointer) { self.network = network }

  /// The output at a place in the list of names that the network was made with; empty when there is none.
  package subscript(index: Int) -> UnsafeBufferPointer<Float> {
    var count = 0
    let start = stance_network_output(network, index, &count)
    return UnsafeBufferPointer(start: start, count: start == nil ? 0 : count)
  }
}

/// Owns the C network.
private struct Handle: ~Copyable {
  let network: OpaquePointer
  let input: UnsafeMutableBufferPointer<Float>

  init(
    _ make: (UnsafeMutablePointer<CChar>, Int) -> OpaquePointer?
  ) throws(InferenceError) {
    var made: OpaquePointer?
    try reportingErrors { error, capacity in
      made = make(error, capacity)
      return made == nil ? 1 : 0
    }
    guard let made else { throw InferenceError(.failed, "the runtime gave no network") }
    var count = 0
    network = made
    input = UnsafeMutableBufferPointer(start: stance_network_input(made, &count), count: count)
    input.initialize(repeating: 0)
  }

  deinit { stance_network_free(network) }

  func infer() throws(InferenceError) {
    try reportingErrors { stance_network_infer(network, $0, $1) }
  }

  func exported() throws(InferenceError) -> [UInt8] {
    var bytes: [UInt8] = []
    try withUnsafeMutablePointer(to: &bytes) { target throws(InferenceError) in
      try reportingErrors { error, capacity in
        stance_network_export(
          network,
          { context, start, count in
            context?.assumingMemoryBound(to: [UInt8].self).pointee =
              Array(UnsafeBufferPointer(start: start, count: count))
          }, target, error, capacity)
      }
    }
    return bytes
  }
}

/// Runs a C call that reports by status and text; its first line becomes the error's message.
private func reportingErrors(
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
