import Stance
import Telemetry

/// What answers look like, and the pieces that such descriptions are made of.
extension OpenAPI {
  static let problem: JSONValue = [
    "description": "What was wrong (RFC 9457)",
    "content": [
      "application/problem+json": ["schema": ["$ref": "#/components/schemas/Problem"]]
    ],
  ]

  /// What JSON can be by `output`, beside a result.
  static let otherFormats: [JSONValue] = ["OpenPose", "COCO", "COCOResults"].map {
    ["$ref": .text("#/components/schemas/\($0)")]
  }

  static let schemas: JSONValue = [
    "Job": job,
    "Result": object([
      ("image", object([("width", integer), ("height", integer)])),
      (
        "model",
        object([
          ("complexity", ["type": "integer", "enum": [0, 1, 2]]),
          ("name", ["type": "string", "enum": .array(Complexity.allCases.map { .text($0.name) })]),
          ("precision", ["type": "string"]),
          ("search", searchMode),
        ])
      ),
      ("people", ["type": "array", "items": ["$ref": "#/components/schemas/Person"]]),
      ("peopleFound", described("integer", "How many were found, also beyond maxPeople")),
      (
        "timing",
        object([
          ("decode", number), ("detect", number), ("landmarks", number), ("total", number),
        ])
      ),
    ]),
    "Person": object(
      [
        ("score", number),
        (
          "confidence", described("number", "How sure it is a person, rightly placed: ranks people")
        ),
        ("presence", number),
        (
          "box",
          object([("x", number), ("y", number), ("width", number), ("height", number)])
        ),
        (
          "landmarks",
          landmarks("Landmark", "x of the picture's width, y of its height, z of its width")
        ),
        ("worldLandmarks", landmarks("WorldLandmark", "metres from the middle of the hips")),
      ],
      optional: [
        ("view", ["$ref": "#/components/schemas/View"]),
        ("angles", ["type": "array", "items": ["$ref": "#/components/schemas/Angle"]]),
        ("posture", ["$ref": "#/components/schemas/Posture"]),
        ("reps", ["$ref": "#/components/schemas/Repetitions"]),
      ]),
    "Posture": object([
      ("stand", ["enum": ["standing", "sitting", "lying", .null]]),
      ("handsUp", ["type": ["boolean", "null"]]),
      ("label", ["type": ["string", "null"], "description": "The labelled pose that it is like"]),
      ("confidence", measured("The label's share of the votes, smoothed in time")),
      ("distance", measured("To the nearest samples; the body's size is 100")),
    ]),
    "View": object([
      ("score", measured("Shoulders or hips against the trunk: below 0.35 from the side")),
      ("from", ["enum": ["side", "front", .null]]),
    ]),
    "Angle": object(
      [
        ("name", ["type": "string"]), ("plane", measured("Degrees by the picture")),
        ("world", measured("Degrees by the landmarks in metres")),
      ], optional: [("planeMissing", missing), ("worldMissing", missing)]),
    "Repetitions": object(
      [
        ("exercise", ["type": "string"]), ("count", integer),
        ("working", described("boolean", "Whether one is under way")),
        (
          "signal",
          object(
            [
              ("name", ["type": "string"]), ("unit", ["enum": ["degrees", "trunkLengths"]]),
              ("value", measured("By what is counted")),
            ], optional: [("missing", missing)])
        ),
      ],
      optional: [
        ("completed", ["type": "array", "items": ["$ref": "#/components/schemas/Repetition"]]),
        ("unfinished", ["$ref": "#/components/schemas/Repetition"]),
      ]),
    "Repetition": object(
      [
        ("number", integer), ("start", described("number", "Seconds")), ("turn", number),
        ("end", measured("null: not back")), ("rest", number), ("extreme", number),
        ("range", number),
        ("seen", described("number", "The share of its frames with the joints in sight")),
        ("judgedFromSeen", boolean),
      ], optional: [("form", described("object", "The body at the turn: docs/motion.md"))]),
    "Landmark": object(landmarkMembers + [("inFrame", boolean), ("seen", boolean)]),
    "WorldLandmark": object(landmarkMembers),
    "OpenPose": object([
      ("version", number),
      (
        "people",
        [
          "type": "array",
          "items": object([
            ("person_id", ["type": "array", "items": integer]),
            ("pose_keypoints_2d", ["type": "array", "items": number]),
          ]),
        ]
      ),
    ]),
    "COCO": object([
      ("categories", ["type": "array"]), ("annotations", ["type": "array"]),
      ("images", ["type": "array"]),
    ]),
    "COCOResults": [
      "type": "array",
      "items": object([
        ("image_id", integer), ("category_id", integer),
        ("keypoints", ["type": "array", "items": number]), ("score", number),
      ]),
    ],
    "Failure": object([("error", ["$ref": "#/components/schemas/Problem"])]),
    "Problem": object([
      ("type", ["type": "string"]), ("title", ["type": "string"]), ("status", integer),
      ("code", ["type": "string", "enum": .array(Problem.Code.all.map { .text($0.name) })]),
      ("detail", ["type": "string"]),
    ]),
  ]

  static let integer: JSONValue = ["type": "integer"]
  static let number: JSONValue = ["type": "number"]
  static let boolean: JSONValue = ["type": "boolean"]

  private static let landmarkMembers: [(String, JSONValue)] = [
    ("name", ["type": "string", "enum": .array(LandmarkName.allCases.map { .text($0.rawValue) })]),
    ("x", number), ("y", number), ("z", number), ("visibility", number), ("presence", number),
  ]

  private static func landmarks(_ schema: String, _ description: String) -> JSONValue {
    [
      "type": "array", "minItems": 33, "maxItems": 33, "description": .text(description),
      "items": ["$ref": .text("#/components/schemas/\(schema)")],
    ]
  }

  /// An object whose members are all there, but for some.
  static func object(
    _ members: [(String, JSONValue)], optional: [(String, JSONValue)] = []
  ) -> JSONValue {
    [
      "type": "object", "required": .array(members.map { .text($0.0) }),
      "properties": .object((members + optional).map { (name: $0.0, value: $0.1) }),
    ]
  }

  /// A number that can be missing.
  private static func measured(_ description: String) -> JSONValue {
    ["type": ["number", "null"], "description": .text(description)]
  }

  /// Why a number is missing.
  private static let missing: JSONValue = [
    "type": "string", "enum": ["notSeen", "view", "degenerate"],
  ]

  static func described(_ type: String, _ description: String) -> JSONValue {
    ["type": .text(type), "description": .text(description)]
  }
}
