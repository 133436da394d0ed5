import Glibc
import Stance

/// What smoothing takes from made-up signals and what it leaves, as a table: the One Euro filter with the tracker's
/// constants, and the low pass without lag at its default cut-off, beside none.
///
/// All signals are in body sizes, 30 a second.
struct FilterTable {
  private static let rate = 30.0

  /// Smooths a signal that begins at rest.
  private typealias Filter = ([Double]) -> [Double]

  private let filters: [(name: String, run: Filter)] = [
    ("none", { $0 }),
    (
      "One Euro",
      { signal in
        var filter = OneEuroFilter(LandmarkFilter.landmarks)
        return signal.map {
          Double(filter.filter(Float($0), after: Float(1 / Self.rate), scale: 1))
        }
      }
    ),
    (
      "zero-lag",
      { signal in
        let design = ZeroLagDesign(cutoff: TrackingOptions().cutoff, frameRate: Self.rate)
        let segment = ZeroLagSegment(signal.indices.map { Double($0) / Self.rate }, design)
        return segment.smoothed(signal, hasOutliers: true)
      }
    ),
  ]

  func write() {
    row("", filters.map(\.name))
    row("---", filters.map { _ in "---" })
    add("second difference of a still person, SD 0.002 region sides, part of the raw") {
      rounded(trembling($0), 3)
    }
    for speed in [0.25, 0.5, 1, 2] {
      add("lag behind a ramp of \(speed) body sizes a second, frames") {
        rounded(lag($0, speed), 2)
      }
    }
    add("overshoot of a step of 0.1 body sizes, %") { rounded(100 * overshoot($0), 1) }
    add("frames to 90 % of that step") { "\(framesToMost($0))" }
    for frequency in [0.5, 1, 2, 4, 8] {
      add("amplitude left of a swing of ±0.1 body sizes at \(frequency) Hz") {
        rounded(amplitude($0, frequency), 2)
      }
    }
  }

  /// The root mean square of the second differences, as a part of the unfiltered noise's.
  private func trembling(_ filter: Filter) -> Double {
    var random = SeededNoise(state: 1)
    let deviation = 0.002 * Double(RegionOfInterest.expansion)
    let noise = (0..<30_000).map { _ in deviation * random.normal() }
    func jitter(_ signal: [Double]) -> Double {
      let steady = signal.dropFirst(Int(Self.rate))
      let squares = zip(steady, zip(steady.dropFirst(), steady.dropFirst(2))).map {
        let difference = $0 - 2 * $1.0 + $1.1
        return difference * difference
      }
      return squares.reduce(0, +).squareRoot()
    }
    return jitter(filter(noise)) / jitter(noise)
  }

  /// The lag after five seconds.
  private func lag(_ filter: Filter, _ speed: Double) -> Double {
    let signal = (0...Int(5 * Self.rate)).map { speed * Double($0) / Self.rate }
    let (raw, shown) = (signal.last ?? 0, filter(signal).last ?? 0)
    return (raw - shown) / speed * Self.rate
  }

  /// A step after a second of rest, in parts of it.
  private func step(_ filter: Filter) -> [Double] {
    let rest = Int(Self.rate)
    let signal = (0..<4 * rest).map { $0 < rest ? 0 : 0.1 }
    return filter(signal).dropFirst(rest).map { $0 / 0.1 }
  }

  private func overshoot(_ filter: Filter) -> Double { max(0, (step(filter).max() ?? 0) - 1) }

  private func framesToMost(_ filter: Filter) -> Int {
    step(filter).firstIndex { $0 >= 0.9 } ?? Int.max
  }

  /// The part of a sine that is left at its frequency, after ten seconds.
  private func amplitude(_ filter: Filter, _ frequency: Double) -> Double {
    let phases = (0..<Int(30 * Self.rate)).map { 2 * .pi * frequency * Double($0) / Self.rate }
    func part(_ signal: [Double]) -> Double {
      let steady = zip(signal, phases).dropFirst(Int(10 * Self.rate))
      return hypot(
        steady.reduce(0) { $0 + $1.0 * sin($1.1) }, steady.reduce(0) { $0 + $1.0 * cos($1.1) })
    }
    let swing = phases.map { 0.1 * sin($0) }
    return part(filter(swing)) / part(swing)
  }

  private func add(_ name: String, _ measure: (Filter) -> String) {
    row(name, filters.map { measure($0.run) })
  }

  private func row(_ name: String, _ cells: [String]) {
    print("| \(([name] + cells).joined(separator: " | ")) |")
  }

  private func rounded(_ value: Double, _ digits: Int) -> String {
    let power = pow(10, Double(digits))
    return "\((value * power).rounded() / power)"
  }
}

/// The same noise in every run.
private struct SeededNoise {
  var state: UInt64

  /// Uniform, above 0 and not above 1.
  private mutating func next() -> Double {
    // Knuth's constants for 64 bits.
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return (Double(state >> 11) + 1) / 9_007_199_254_740_992
  }

  /// Normal, of mean 0 and deviation 1: Box and Muller's method.
  mutating func normal() -> Double { (-2 * log(next())).squareRoot() * cos(2 * .pi * next()) }
}
