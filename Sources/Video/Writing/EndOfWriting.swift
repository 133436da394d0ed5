import Files
import Processes

extension StreamingChild {
  /// Waits for its end as long as it writes `file`; it is killed when that has not grown for five minutes.
  func endWriting(_ file: OpenFile) throws -> Ending {
    let (look, patience) = (Duration.seconds(10), Duration.seconds(300))
    var (kind, quiet) = (try file.kind(), Duration.zero)
    while try quiet < patience && !wait(for: [], within: look) {
      let now = try file.kind()
      quiet = now == kind ? quiet + look : .zero
      kind = now
    }
    return try end(within: .zero)
  }
}
