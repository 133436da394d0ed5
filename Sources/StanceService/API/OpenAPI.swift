import Options
import Stance
import Telemetry

/// The service's description: OpenAPI 3.1, https://spec.openapis.org/oas/v3.1.1.
enum OpenAPI {
  typealias Members = [(name: String, value: JSONValue)]

  /// The whole document.
  static func document(
    _ routes: [Route], version: String, defaults: AnswerParameters
  ) -> JSONValue {
    var paths: [(path: String, operations: Members)] = []
    for route in routes {
      let operation = JSONValue.object(
        [(name: "summary", value: .text(route.summary))] + route.description
          + (route.isOpen ? [] : [(name: "security", value: [["key": []], [:]])]))
      let member = (name: route.method.lowercased(), value: operation)
      if let place = paths.firstIndex(where: { $0.path == route.path }) {
        paths[place].operations.append(member)
      } else {
        paths.append((route.path, [member]))
      }
    }
    return [
      "openapi": "3.1.0",
      "info": [
        "title": "Stance", "version": .text(version),
        "summary":
          "Finds people in photos: 33 body landmarks for each, on this machine's processor",
        "license": ["name": "Apache-2.0", "identifier": "Apache-2.0"],
      ],
      // From where this document is, which may be below a path.
      "servers": [["url": "."]],
      "paths": .object(paths.map { (name: $0.path, value: .object($0.operations)) }),
      "components": [
        "parameters": parameters(defaults), "schemas": schemas, "responses": ["Problem": problem],
        "securitySchemes": ["key": ["type": "http", "scheme": "bearer"]],
      ],
    ]
  }

  // MARK: Operations

  /// `POST /v1/pose`.
  static func poseOperation() -> Members {
    [
      (name: "operationId", value: "findPeople"),
      (name: "parameters", value: .array(AnswerParameters.rows.map(reference))),
      (
        name: "requestBody",
        value: body(
          fields: AnswerParameters.rows.map {
            (name: $0.key, value: ["$ref": .text("#/components/parameters/\($0.key)/schema")])
          })
      ),
      (
        name: "responses",
        value: .object(
          [
            (
              name: "200",
              value: [
                "description":
                  "What was found; an array of results when several pictures were sent",
                "headers": headers,
                "content": [
                  "application/json": [
                    "schema": [
                      "anyOf": .array(
                        [
                          ["$ref": "#/components/schemas/Result"],
                          [
                            "type": "array",
                            "items": [
                              "anyOf": [
                                ["$ref": "#/components/schemas/Result"],
                                ["$ref": "#/components/schemas/Failure"],
                              ]
                            ],
                          ],
                        ] + otherFormats)
                    ]
                  ],
                  "image/jpeg": [:], "image/png": [:], "image/webp": [:], "text/csv": [:],
                ],
              ]
            )
          ] + problems([400, 401, 405, 406, 408, 413, 415, 422, 431, 500, 503, 504]))
      ),
    ]
  }

  /// `POST /pose` and `POST /`, whose defaults are not all those of the other routes.
  static func tutorialOperation(
    _ path: String, _ own: AnswerParameters, unlike others: AnswerParameters
  ) -> Members {
    let message: JSONValue = [
      "description": "A message", "content": ["application/json": ["schema": ["type": "object"]]],
    ]
    let failures =
      [400, 401, 406, 408, 413, 415, 422, 500, 503, 504].map { (name: "\($0)", value: message) }
      + problems([431])
    let parameters = AnswerParameters.rows.map { row in
      row.text(in: own) == row.text(in: others) ? reference(row) : parameter(row, default: own)
    }
    return [
      (name: "operationId", value: .text(path == "/" ? "answerFormAtRoot" : "answerForm")),
      (name: "parameters", value: .array(parameters)), (name: "requestBody", value: body()),
      (
        name: "responses",
        value: .object(
          [
            (
              name: "200",
              value: [
                "description": "The annotated picture in HTML; by Accept also JSON or the picture",
                "headers": headers,
                "content": [
                  "text/html": [:],
                  "application/json": [
                    "schema": [
                      "anyOf": .array([["$ref": "#/components/schemas/Result"]] + otherFormats)
                    ]
                  ],
                  "image/jpeg": [:], "image/png": [:], "image/webp": [:], "text/csv": [:],
                ],
              ]
            )
          ] + failures)
      ),
    ]
  }

  /// `POST /v1/video`.
  static func videoOperation(_ defaults: VideoParameters) -> Members {
    let video: JSONValue = ["type": "string", "format": "binary"]
    let fields = VideoParameters.rows.map {
      (name: $0.key, value: schema(of: $0, default: $0.text(in: defaults)))
    }
    return [
      (name: "operationId", value: "followThroughVideo"),
      (
        name: "description",
        value:
          "Answered as it is made. JSON Lines: first what was looked at and how, then a result a frame, at last {\"end\": frames} or {\"error\": problem}. What is found before the first result has a status of its own; a later failure breaks the connection of an MP4."
      ),
      (
        name: "parameters",
        value: .array(VideoParameters.rows.map { parameter($0, default: defaults) })
      ),
      (
        name: "requestBody",
        value: [
          "required": true,
          "content": [
            "video/*": [:], "application/octet-stream": [:], "image/gif": [:],
            "multipart/form-data": [
              "schema": [
                "type": "object", "required": ["video"],
                "properties": .object([(name: "video", value: video)] + fields),
                "additionalProperties": false,
              ]
            ],
          ],
        ]
      ),
      (
        name: "responses",
        value: .object(
          [
            (
              name: "200",
              value: [
                "description": "Who is where in each frame", "headers": headers,
                "content": .object(VideoForm.mediaTypes.map { (name: $0, value: [:]) }),
              ]
            )
          ] + problems([400, 401, 403, 405, 406, 408, 413, 415, 422, 431, 500, 503, 504]))
      ),
    ]
  }

  /// `GET /v1/live`.
  static func liveOperation(_ defaults: LiveParameters) -> Members {
    [
      (name: "operationId", value: "followPeople"),
      (
        name: "description",
        value:
          "A WebSocket with the subprotocol stance.live.1. Binary messages are frames (JPEG, WebP, PNG); a text {\"frame\": 12, \"time\": 0.4004} belongs to the next one. Each frame has exactly one answer, in order: its result with frame and time, {\"frame\": 13, \"dropped\": true}, or {\"frame\": 14, \"error\": problem}. {\"options\": {…}} and {\"reset\": true} may come at any time. The first message is the service's: {\"live\": 1, \"options\": {…}, \"credits\": 2}; so many frames may be without an answer."
      ),
      (
        name: "parameters",
        value: .array(LiveParameters.rows.map { parameter($0, default: defaults) })
      ),
      (
        name: "responses",
        value: .object(
          [(name: "101", value: ["description": "The connection is a WebSocket now"])]
            + problems([400, 401, 403, 426, 431, 503]))
      ),
    ]
  }

  /// A `GET` without parameters.
  static func plainOperation(
    _ what: String, _ mediaType: String, alsoUnready: Bool = false
  ) -> Members {
    let type = String(mediaType.prefix { $0 != ";" })
    let content = JSONValue.object([(name: type, value: [:])])
    var responses: Members = [
      (name: "200", value: ["description": .text(what), "content": content])
    ]
    if alsoUnready {
      responses.append(
        (name: "503", value: ["description": "not ready, or draining", "content": content]))
    }
    return [(name: "responses", value: .object(responses + problems([431])))]
  }

  /// `GET` of one of the page's files.
  static func fileOperation(_ names: [String]) -> Members {
    [
      (
        name: "parameters",
        value: [
          [
            "name": "file", "in": "path", "required": true, "description": "The file's name",
            "schema": ["type": "string", "enum": .array(names.map { .text($0) })],
          ]
        ]
      ),
      (
        name: "responses",
        value: .object(
          [(name: "200", value: ["description": "the file", "content": ["*/*": [:]]])]
            + problems([404, 431]))
      ),
    ]
  }

  static func problems(_ statuses: [Int]) -> Members {
    statuses.map { (name: "\($0)", value: ["$ref": "#/components/responses/Problem"]) }
  }

  /// - Parameter fields: what a form may have beside its pictures; none: anything, which is ignored.
  private static func body(fields: Members = []) -> JSONValue {
    let image: JSONValue = [
      "type": "array", "items": ["type": "string", "format": "binary"], "minItems": 1,
    ]
    var form: Members = [
      (name: "type", value: "object"), (name: "required", value: ["image"]),
      (name: "properties", value: .object([(name: "image", value: image)] + fields)),
    ]
    if !fields.isEmpty { form.append((name: "additionalProperties", value: false)) }
    return [
      "required": true,
      "content": [
        "image/*": [:], "application/octet-stream": [:],
        "multipart/form-data": ["schema": .object(form)],
      ],
    ]
  }

  private static let headers: JSONValue = [
    "Stance-Model": [
      "description": "The landmark model that was used",
      "schema": ["type": "string", "enum": .array(Complexity.allCases.map { .text($0.name) })],
    ],
    "Stance-Search": [
      "description": "The search that was made",
      "schema": searchMode,
    ],
    "Stance-People": [
      "description": "How many people the answer has, at most maxPeople a picture",
      "schema": ["type": "integer"],
    ],
  ]

  static let searchMode: JSONValue = [
    "type": "string", "enum": .array(SearchMode.allCases.map { .text($0.rawValue) }),
  ]

  private static func reference(_ row: OptionRow<AnswerParameters>) -> JSONValue {
    ["$ref": .text("#/components/parameters/\(row.key)")]
  }
}
