import Options
import PoseRendering
import Stance
import Telemetry

/// Rows of the options' table as parameters, and what their values look like.
extension OpenAPI {
  /// Each row of the options' table as a parameter.
  static func parameters(_ defaults: AnswerParameters) -> JSONValue {
    .object(
      AnswerParameters.rows.map { (name: $0.key, value: parameter($0, default: defaults)) })
  }

  static func parameter<Parameters>(
    _ row: OptionRow<Parameters>, default defaults: Parameters
  ) -> JSONValue {
    [
      "name": .text(row.key), "in": "query", "description": .text(row.help),
      "schema": schema(of: row, default: row.text(in: defaults)),
    ]
  }

  static func schema<Parameters>(
    of row: OptionRow<Parameters>, default text: String?
  ) -> JSONValue {
    var members: Members = []
    func add(_ name: String, _ value: JSONValue?) {
      if let value { members.append((name: name, value: value)) }
    }
    func number(_ text: String?) -> JSONValue? {
      text.flatMap { text in Int(text).map(JSONValue.integer) ?? Double(text).map(JSONValue.number)
      }
    }
    switch row.kind {
    case .flag:
      add("type", "boolean")
      add("default", text.map { .bool($0 == true.optionText) })
    case .integer, .number:
      add("type", row.kind == .integer ? "integer" : "number")
      add("minimum", number(row.bounds?.minimum))
      add("maximum", number(row.bounds?.maximum))
      add("default", number(text))
    case .choice(let words):
      add("type", "string")
      add("enum", .array(words.map { .text($0) }))
      add("default", text.map { .text($0) })
    case .color:
      add("type", "string")
      add("pattern", .text(colorPattern))
      add("default", text.map { .text($0) })
    case .background:
      add("type", "string")
      add("pattern", .text("^(blur|none)$|" + colorPattern))
      add("default", text.map { .text($0) })
    case .rectangle:
      // Repeated, not joined: OpenAPI's default for a query.
      add("type", "array")
      add("maxItems", .integer(PoseOptions.maxRegions))
      add("items", ["type": "string", "pattern": .text(rectanglePattern)])
    case .clipTime:
      add("type", "string")
      add("pattern", .text(clipTimePattern))
    case .followed:
      add("type", "string")
      add("pattern", "^(largest|centre|[1-9][0-9]{0,8})$")
    case .angles, .exercise:
      add("type", "string")
      add("pattern", .text(row.kind == .angles ? MotionPatterns.angles : MotionPatterns.exercise))
      add("maxLength", .integer(ParameterTable.maxValue))
      add("default", text.map { .text($0) })
    case .text, .duration, .bodyHeight, .landmark, .file, .folder:
      add("type", "string")
      add("default", text.map { .text($0) })
    }
    return .object(members)
  }

  /// Left and top, then width and height, which are above zero.
  private static let rectanglePattern =
    #"^(-?[0-9]{1,8}(\.[0-9]{1,8})?,){2}[1-9][0-9]{0,7}(\.[0-9]{1,8})?,[1-9][0-9]{0,7}(\.[0-9]{1,8})?$"#

  /// Seconds, or minutes and hours in front of them.
  private static let clipTimePattern =
    #"^([0-9]{1,6}|([0-9]{1,4}:[0-5]?[0-9]|[0-9]{1,4}):[0-5]?[0-9])(\.[0-9]{1,6})?$"#

  private static let colorPattern =
    "^(#([0-9a-fA-F]{3,4}|([0-9a-fA-F]{2}){3,4})|\(Color.names.joined(separator: "|")))$"
}
