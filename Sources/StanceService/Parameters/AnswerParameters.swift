import Options
import PoseRendering
import Stance

/// A form that `output` names, for callers who can't set `Accept`.
enum OutputName: String, Sendable, CaseIterable, OptionValue { case json, jpeg, png, webp, mask }

/// What a request's query or form can set: the same rows as the command line, and two more.
struct AnswerParameters: Sendable {
  var pose: PoseOptions
  var style: DrawingStyle
  var quality: Int
  var output: OutputName?
  var person: Int?

  init(_ configuration: ServiceConfiguration) {
    (pose, style, quality) = (configuration.pose, configuration.style, configuration.quality)
  }

  /// Every parameter.
  static let rows: [OptionRow<AnswerParameters>] =
    PoseRows.all.map { $0.lifted(to: \.pose) }
    + [
      .option("output", \.output, "The answer's form, instead of what Accept asks for"),
      .option(
        "person", \.person, "With output=mask: only this person's, counted from 0", in: 0...99),
      .option("quality", \.quality, "Quality of JPEG and WebP pictures", in: 1...100),
    ] + DrawingRows.all.map { $0.lifted(to: \.style) }

  /// Bytes of a value, of which the longest is a rectangle.
  static let maxValue = 256

  /// - Returns: the problem with a value of more bytes.
  static func tooLong(_ name: String) -> Problem {
    Problem(.badParameter, "\(name) has more than \(maxValue) bytes, the most taken")
  }

  /// Reads a query, or a form's fields, on top of the defaults.
  ///
  /// - Throws: `Problem` with `bad_parameter` that names the parameter.
  mutating func read(_ query: [(name: String, value: String)]) throws(Problem) {
    for name in Set(query.map(\.name)).sorted() {
      guard let row = Self.rows.first(where: { $0.key == name }) else {
        let known = Self.rows.map(\.key).joined(separator: ", ")
        throw Problem(.badParameter, "there is no parameter \"\(name)\"; there are \(known)")
      }
      let values = query.filter { $0.name == name }.map(\.value)
      guard values.count == 1 || row.repeats else {
        throw Problem(.badParameter, "\(name) takes one value, not \(values.count)")
      }
      guard values.allSatisfy({ $0.utf8.count <= Self.maxValue }) else {
        throw Self.tooLong(name)
      }
      do throws(UsageError) { try row.set(&self, from: values) } catch {
        throw Problem(.badParameter, "\(name): \(error)")
      }
    }
    do throws(PoseError) { try pose.validate() } catch {
      throw Problem(.badParameter, error.message)
    }
    if person != nil, output != .mask {
      throw Problem(.badParameter, "person goes with output=mask only")
    }
  }

  /// The form that `output` names, nil when it is not given.
  var form: AnswerForm? {
    switch output {
    case .json: .json
    case .jpeg: .picture(.jpeg)
    case .png: .picture(.png)
    case .webp: .picture(.webp)
    case .mask: .mask(person: person)
    case nil: nil
    }
  }
}
