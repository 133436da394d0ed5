import CInference
import Synchronization

/// What a network's input takes.
package enum NetworkInput: Sendable, Hashable {
  /// What the model has, which must be floats.
  case asPublished
  /// R, G, B from 0 to 255, row-major, for a model that wants planes of B, G and R.
  case pixelsForPlanes
  /// R, G, B as the model's first convolution takes them, row-major, for a convolutional model of no fixed size. Its
  /// outputs are feature maps then, rows × columns × channels, without what the model makes of them.
  ///
  /// - Parameters:
  ///   - first: the name of the value that the first convolution takes.
  ///   - sides: bounds of the input's width and height in pixels.
  case convolved(first: String, sides: ClosedRange<Int>)
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
          outputs: outputs, planar_bgr: input == .pixelsForPlanes ? 1 : 0, first: nil,
          least_side: 0, most_side: 0)
        switch input {
        case .asPublished, .pixelsForPlanes: return body(&options)
        case .convolved(let first, let sides):
          return first.withCString { first in
            options.first = first
            options.least_side = Int32(sides.lowerBound)
            options.most_side = Int32(sides.upperBound)
            return body(&options)
          }
        }
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
  ///
  /// - Parameter size: of the input in pixels where the model leaves it free; nil where not.
  package func run<Result: Sendable>(
    size: (width: Int, height: Int)? = nil,
    fill: (UnsafeMutableBufferPointer<Float>) -> Void,
    read: (borrowing NetworkOutputs) throws -> Result
  ) throws -> Result {
    try handle.withLock { handle in
      let input = try handle.input(size)
      fill(input)
      try handle.infer()
      if handle.lengths.insert(input.count).inserted { handle.model.giveBackMemory() }
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
  /// Of inputs that it has inferred with.
  var lengths: Set<Int> = []

  init(_ model: CompiledModel) throws(InferenceError) {
    self.model = model
    network = try model.makeNetwork()
  }

  deinit { stance_network_free(network) }

  /// Where the next input is written.
  func input(
    _ size: (width: Int, height: Int)?
  ) throws(InferenceError) -> UnsafeMutableBufferPointer<Float> {
    var (start, count) = (UnsafeMutablePointer<Float>?.none, 0)
    try reportingErrors { error, capacity in
      start = stance_network_input(
        network, Int32(size?.width ?? 0), Int32(size?.height ?? 0), &count, error, capacity)
      return start == nil ? 1 : 0
    }
    return UnsafeMutableBufferPointer(start: start, count: start == nil ? 0 : count)
  }

  func infer() throws(InferenceError) {
    try reportingErrors { stance_network_infer(network, $0, $1) }
  }
}
