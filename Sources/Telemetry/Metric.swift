import Synchronization

/// One family of numbers with one name, as Prometheus reads it.
package protocol Metric: Sendable {
  /// The name with its unit: "stance_stage_seconds".
  var name: String { get }
  /// One sentence.
  var help: String { get }
  /// "counter", "gauge" or "histogram".
  var type: String { get }
  /// The lines of the text format, without the two comments before them.
  func samples() -> [MetricSample]
}

/// One line: a name, labels, a number.
package struct MetricSample: Sendable {
  /// What follows the family's name: "_bucket", or nothing.
  package var suffix = ""
  /// In the order in which they are written.
  package var labels: [(name: String, value: String)]
  /// The number.
  package var value: Double

  /// A sample of the family itself.
  package init(_ value: Double, labels: [(name: String, value: String)] = [], suffix: String = "") {
    (self.value, self.labels, self.suffix) = (value, labels, suffix)
  }
}

/// A number that only grows, one for each combination of label values.
package final class Counter: Metric {
  package let name: String
  package let help: String
  package let type = "counter"
  private let labels: [String]
  private let counts = Mutex<[[String]: Double]>([:])

  /// A counter. By Prometheus' custom its name ends in `_total`.
  package init(_ name: String, _ help: String, labels: [String] = []) {
    (self.name, self.help, self.labels) = (name, help, labels)
    if labels.isEmpty { counts.withLock { $0[[]] = 0 } }
  }

  /// Adds to the number of these label values.
  ///
  /// - Precondition: as many values as the counter has labels.
  package func add(_ amount: Double = 1, _ values: String...) {
    precondition(values.count == labels.count, "\(name) has \(labels.count) labels")
    counts.withLock { $0[values, default: 0] += amount }
  }

  /// The number of these label values.
  package func value(_ values: String...) -> Double { counts.withLock { $0[values] ?? 0 } }

  package func samples() -> [MetricSample] {
    counts.withLock { $0 }.sorted { $0.key.lexicographicallyPrecedes($1.key) }.map {
      values, count in
      MetricSample(count, labels: Array(zip(labels, values)).map { (name: $0, value: $1) })
    }
  }
}

/// Numbers that are read at the moment somebody asks.
package struct Gauge: Metric {
  package let name: String
  package let help: String
  package let type: String
  private let read: @Sendable () -> [MetricSample]

  /// One number; nil leaves it out.
  package init(
    _ name: String, _ help: String, isCounter: Bool = false,
    read: @escaping @Sendable () -> Double?
  ) {
    self.init(
      name, help, isCounter: isCounter, samples: { read().map { [MetricSample($0)] } ?? [] })
  }

  /// Numbers with labels.
  package init(
    _ name: String, _ help: String, isCounter: Bool = false,
    samples: @escaping @Sendable () -> [MetricSample]
  ) {
    (self.name, self.help, read) = (name, help, samples)
    type = isCounter ? "counter" : "gauge"
  }

  package func samples() -> [MetricSample] { read() }
}

/// How often values fell into which range, one row of ranges for each combination of label values.
package final class Histogram: Metric {
  package let name: String
  package let help: String
  package let type = "histogram"
  private let labels: [String]
  private let bounds: [Double]
  private let series = Mutex<[[String]: Series]>([:])

  private struct Series {
    var counts: [Int]
    var sum = 0.0
  }

  /// Upper bounds in seconds for work of a millisecond to half a minute.
  package static let seconds = [
    0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30,
  ]

  /// A histogram with these upper bounds, ascending.
  package init(
    _ name: String, _ help: String, labels: [String] = [], bounds: [Double] = Histogram.seconds
  ) {
    (self.name, self.help, self.labels, self.bounds) = (name, help, labels, bounds)
  }

  /// Counts a value.
  ///
  /// - Precondition: as many label values as the histogram has labels.
  package func observe(_ value: Double, _ values: String...) {
    precondition(values.count == labels.count, "\(name) has \(labels.count) labels")
    let place = bounds.firstIndex { value <= $0 } ?? bounds.count
    series.withLock {
      var one = $0[values] ?? Series(counts: [Int](repeating: 0, count: bounds.count + 1))
      one.counts[place] += 1
      one.sum += value
      $0[values] = one
    }
  }

  /// Counts a time.
  package func observe(_ time: Duration, _ value: String) { observe(time / .seconds(1), value) }

  package func samples() -> [MetricSample] {
    let all = series.withLock { $0 }.sorted { $0.key.lexicographicallyPrecedes($1.key) }
    return all.flatMap { values, series -> [MetricSample] in
      let own = Array(zip(labels, values)).map { (name: $0, value: $1) }
      var total = 0
      var samples = zip(bounds.map(\.description) + ["+Inf"], series.counts).map { bound, count in
        total += count
        return MetricSample(
          Double(total), labels: own + [(name: "le", value: bound)], suffix: "_bucket")
      }
      samples.append(MetricSample(series.sum, labels: own, suffix: "_sum"))
      samples.append(MetricSample(Double(total), labels: own, suffix: "_count"))
      return samples
    }
  }
}
