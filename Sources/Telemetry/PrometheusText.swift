/// Metrics in Prometheus' text format 0.0.4.
package enum PrometheusText {
  /// The type of the text in HTTP.
  package static let contentType = "text/plain; version=0.0.4; charset=utf-8"

  /// All families, in the order given.
  package static func text(of metrics: [any Metric]) -> String {
    var text = ""
    for metric in metrics {
      let samples = metric.samples()
      guard !samples.isEmpty else { continue }
      text += "# HELP \(metric.name) \(escaped(metric.help, quotes: false))\n"
      text += "# TYPE \(metric.name) \(metric.type)\n"
      for sample in samples {
        text += metric.name + sample.suffix
        if !sample.labels.isEmpty {
          let labels = sample.labels.map { "\($0.name)=\"\(escaped($0.value, quotes: true))\"" }
          text += "{" + labels.joined(separator: ",") + "}"
        }
        text += " \(number(sample.value))\n"
      }
    }
    return text
  }

  private static func number(_ value: Double) -> String {
    if value.isNaN { return "NaN" }
    if value.isInfinite { return value < 0 ? "-Inf" : "+Inf" }
    return value == value.rounded() && value.magnitude < 1e15
      ? Int(value).description : value.description
  }

  private static func escaped(_ text: String, quotes: Bool) -> String {
    let text = text.replacing("\\", with: "\\\\").replacing("\n", with: "\\n")
    return quotes ? text.replacing("\"", with: "\\\"") : text
  }
}
