import Glibc
import Images
import Stance

/// Measures what jobs cost on this machine, for `Benchmarks/jobs` to put together.
@main
enum JobsBenchmark {
  static let usage = """
    usage: stance-jobs-benchmark overhead FOLDER JPEG… [--rounds N] [--items N] [--threads N]
           the same photos, search=quick, just so and as a job, in turns
           stance-jobs-benchmark queue FOLDER [--jobs N]
           so many jobs queued, and what it takes to claim and end them
           stance-jobs-benchmark job ADDRESS FILES JPEG… [--items N]
           hands a job over to workers, waits for it, and prints the seconds that it took

    """

  static func main() {
    do {
      var words = Array(CommandLine.arguments.dropFirst())
      guard !words.isEmpty else { throw Refusal("no mode") }
      let mode = words.removeFirst()
      let numbers = try Numbers(&words)
      switch (mode, words.count) {
      case ("overhead", 2...): try Overhead(words[0], photos: words.dropFirst(), numbers).measure()
      case ("queue", 1): try Queue(words[0], jobs: numbers["--jobs"] ?? 100_000).measure()
      case ("job", 3...):
        try HandedOver(words[0], files: words[1], photos: words.dropFirst(2), numbers).measure()
      default: throw Refusal("\(mode) needs other words")
      }
    } catch let error as Refusal {
      fail("\(error)\n\(usage)", status: 64)
    } catch {
      fail("\(error)\n", status: 1)
    }
  }

  private static func fail(_ text: String, status: Int32) -> Never {
    let bytes = Array("stance-jobs-benchmark: \(text)".utf8)
    _ = write(STDERR_FILENO, bytes, bytes.count)
    exit(status)
  }
}

struct Refusal: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}

/// Options, each of which is a number.
struct Numbers {
  private var values: [String: Int] = [:]

  /// Takes them out of the words.
  init(_ words: inout [String]) throws {
    while let place = words.firstIndex(where: { $0.hasPrefix("--") }) {
      let name = words.remove(at: place)
      guard place < words.count, let value = Int(words[place]), value > 0 else {
        throw Refusal("\(name) needs a number above 0")
      }
      values[name] = value
      words.remove(at: place)
    }
  }

  subscript(_ name: String) -> Int? { values[name] }
}

func seconds(_ body: () throws -> Void) rethrows -> Double {
  let start = ContinuousClock.now
  try body()
  return (ContinuousClock.now - start) / .seconds(1)
}

extension [Double] {
  var median: Double { isEmpty ? 0 : sorted()[count / 2] }
}

/// With so many digits behind the point.
func shown(_ value: Double, digits: Int = 2) -> String {
  var scale = 1.0
  for _ in 0..<digits { scale *= 10 }
  let number = Int((abs(value) * scale).rounded())
  let (whole, rest) = number.quotientAndRemainder(dividingBy: Int(scale))
  let fraction = String(repeating: "0", count: digits - "\(rest)".count) + "\(rest)"
  return "\(value < 0 ? "-" : "")\(whole).\(fraction)"
}
