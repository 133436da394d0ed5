import Glibc

/// Measures Stance on this machine, and prints a JSON object a line for `Benchmarks/run` to put together.
@main
enum StanceBenchmark {
  static let usage = """
    usage: stance-benchmark stages JPEG [options]      each stage of a still, and the whole
           stance-benchmark worker JPEG… [options]     stills whenever standard input says "go SECONDS"
           stance-benchmark callers JPEG… --port N     calls to a service on this machine, just so
           stance-benchmark landmarks PHOTO… [options] everybody's landmarks as CSV
           stance-benchmark tracked-frames FRAME… [options]  frames of a video whenever told so, as `worker`
           stance-benchmark track FRAME… [options]     a clip's results as JSON Lines, then the passes that it took
           stance-benchmark associate                  ids of the bodies that standard input describes
           stance-benchmark filters                    what smoothing takes and leaves, as a table
           stance-benchmark drawing                    what drawing a frame takes, in ms, as a table
           stance-benchmark motion                     what angles and counts of a frame take, in ms, as a table
    options: --complexity 0|1|2  --max-people N  --search quick|auto|thorough  --precision f32|bf16
             --profile latency|throughput  --threads N  --seconds S
    of frames: --fps N; of associate: --sights N, the sight from which on a body has its id
    of callers: --callers N  --target PATH  --field NAME-IN-A-FORM

    """

  static func main() {
    do {
      let arguments = try Arguments(Array(CommandLine.arguments.dropFirst()))
      switch arguments.mode {
      case .stages: try StillStages(arguments).measure(for: arguments.seconds)
      case .worker: try Orders(go: Worker(arguments).work).obey()
      case .callers:
        let callers = try Callers(arguments)
        try Orders(go: callers.call(for:), count: callers.call(answers:)).obey()
      case .landmarks: try LandmarkTable(arguments).write()
      case .trackedFrames: try Orders(go: FrameWorker(arguments).work).obey()
      case .track:
        var clip = try TrackedClip(arguments)
        try clip.write()
      case .associate: try AssociationLines(arguments).answer()
      case .filters: FilterTable().write()
      case .drawing: try DrawingTable().write()
      case .motion: MotionTable().write()
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
