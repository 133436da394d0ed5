import Telemetry
import Testing

@Suite("Metrics")
struct MetricTests {
  @Test("a counter has a line for each combination of label values, in order")
  func counters() {
    let counter = Counter("a_total", "How \\ many\nthere are", labels: ["b", "c"])
    counter.add(1, "y", "2")
    counter.add(0.5, "x", "say \"hi\"\n")
    counter.add(2, "y", "2")
    #expect(counter.value("y", "2") == 3)
    #expect(
      PrometheusText.text(of: [counter]) == """
        # HELP a_total How \\\\ many\\nthere are
        # TYPE a_total counter
        a_total{b="x",c="say \\"hi\\"\\n"} 0.5
        a_total{b="y",c="2"} 3

        """)
  }

  @Test("a counter without labels is there from the start, one with labels is not")
  func emptiness() {
    #expect(PrometheusText.text(of: [Counter("a_total", "A")]).hasSuffix("\na_total 0\n"))
    #expect(PrometheusText.text(of: [Counter("a_total", "A", labels: ["b"])]).isEmpty)
    #expect(PrometheusText.text(of: [Gauge("a", "A") { nil }]).isEmpty)
  }

  @Test("a histogram counts each value in its own range and all above")
  func histograms() {
    let histogram = Histogram("t_seconds", "T", labels: ["stage"], bounds: [0.5, 2])
    for value in [0.5, 0.25, 1, 100] { histogram.observe(value, "draw") }
    histogram.observe(.milliseconds(1500), "draw")
    #expect(
      PrometheusText.text(of: [histogram]) == """
        # HELP t_seconds T
        # TYPE t_seconds histogram
        t_seconds_bucket{stage="draw",le="0.5"} 2
        t_seconds_bucket{stage="draw",le="2.0"} 4
        t_seconds_bucket{stage="draw",le="+Inf"} 5
        t_seconds_sum{stage="draw"} 103.25
        t_seconds_count{stage="draw"} 5

        """)
  }

  @Test("numbers that are no numbers are written as Prometheus wants them")
  func specialNumbers() {
    let values = [Double.nan, .infinity, -.infinity, 1e300]
    let lines = values.map { value in
      PrometheusText.text(of: [Gauge("a", "A") { value }]).split(separator: "\n").last ?? ""
    }
    #expect(lines == ["a NaN", "a +Inf", "a -Inf", "a 1e+300"])
  }

  @Test("the process tells its memory, processor time, files and start")
  func process() throws {
    let values = try ProcessStatistics.metrics.map { metric in
      try #require(metric.samples().first?.value, Comment(rawValue: metric.name))
    }
    #expect(values.allSatisfy { $0 > 0 })
    // Between 2020 and 2100.
    #expect(values[3] > 1.5e9 && values[3] < 4.2e9)
    #expect(values[0] > 1e6 && values[0] < 1e12)
  }
}
