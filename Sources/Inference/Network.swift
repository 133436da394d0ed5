import CInference
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
  /// How many networks may infer with one compiled model at once. They share its weights.
  package var streams: Int
  /// The arithmetic.
  package var precision: Precision
  /// Names of the outputs to keep; the others are cut out of the model.
  package var outputs: [String]
  /// What the input takes.
  package var input: NetworkInput

  /// Options of the given parts.
  package init(
    threads: Int, streams: Int = 1, precision: Precision, outputs: [String],
    input: NetworkInput = .asPublished
  ) {
    self.threads = threads
    self.streams = streams
    self.precision = precision
    self.outputs = outputs
    self.input = input
  }

  func withC<Result>(
    _ body: (UnsafePointer<stance_network_options>) -> Result
  ) -> Result {
    precision.rawValue.withCString { precision in
      outputs.joined(separator: ",").withCString { outputs in
        var options = stance_network_options(
          threads: Int32(threads), streams: Int32(streams), precision: precision,
          outputs: outputs, side: input.side, takes_rgb_pixels: input == .asPublished ? 0 : 1,
          planar_bgr: input == .pixelsForPlanes ? 1 : 0)
        return body(&options)
      }
    }
  }
}

/// A compiled model with an input and outputs of its own.
///
/// Calls from several threads take turns; for parallel inference make several networks, as many of one model as it has
/// streams.
package final class Network: Sendable {
  private let handle: Mutex<Handle>

  /// A network of the model, which stays as long as it.
  package init(of model: CompiledModel) throws(InferenceError) {
    handle = Mutex(try Handle(model))
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
      if handle.isNew {
        handle.isNew = false
        handle.model.letGoOfFile()
      }
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
  let model: CompiledModel
  let network: OpaquePointer
  let input: UnsafeMutableBufferPointer<Float>
  /// Whether it has not inferred yet.
  var isNew = true

  init(_ model: CompiledModel) throws(InferenceError) {
    self.model = model
    network = try model.makeNetwork()
    var count = 0
    input = UnsafeMutableBufferPointer(start: stance_network_input(network, &count), count: count)
    input.initialize(repeating: 0)
  }

  deinit { stance_network_free(network) }

  func infer() throws(InferenceError) {
    try reportingErrors { stance_network_infer(network, $0, $1) }
  }
}
