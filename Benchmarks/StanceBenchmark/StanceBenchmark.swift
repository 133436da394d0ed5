import Glibc

/// Measures Stance on this machine, and prints a JSON object a line for `Benchmarks/run` to put together.
@main
enum StanceBenchmark {
  static let usage = """
    usage: stance-benchmark stages JPEG [options]      each stage of a still, and the whole
           stance-benchmark worker JPEG… [options]     stills whenever standard input says "go SECONDS"
           stance-benchmark landmarks PHOTO… [options] everybody's landmarks as CSV
    options: --complexity 0|1|2  --max-people N  --search quick|thorough  --precision f32|bf16
             --profile latency|throughput  --threads N  --seconds S

    """

  static func main() {
    do {
      let arguments = try Arguments(Array(CommandLine.arguments.dropFirst()))
      switch arguments.mode {
      case .stages: try StillStages(arguments).measure(for: arguments.seconds)
      case .worker: try Worker(arguments).serve()
      case .landmarks: try LandmarkTable(arguments).write()
      }
    } catch let error as Arguments.UsageError {
      fail("\(error)\n\(usage)", status: 64)
    } catch {
      fail("\(error)\n", status: 1)
    }
  }

  private static func fail(_ text: String, status: Int32) -> Never {
    let bytes = Array("stance-benchmark: \(text)".utf8)
    _ = write(STDERR_FILENO, bytes, bytes.count)
    exit(status)
  }
}
