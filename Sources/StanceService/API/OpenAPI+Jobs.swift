import HTTPServer
import Options
import StanceJobs
import Telemetry

/// The description of `/v1/jobs`.
extension OpenAPI {
  /// `POST /v1/jobs`.
  static func jobAcceptance(_ configuration: ServiceConfiguration) -> Members {
    let file: JSONValue = ["type": "string", "format": "binary"]
    let several: JSONValue = ["type": "array", "items": file]
    // A form's fields are the query's once more.
    let options = jobOptions(configuration)
    let fields = options.map { option in
      (name: option.name, value: option.schema)
    }
    return [
      (name: "operationId", value: "handOverJob"),
      (
        name: "description",
        value:
          "Photos (a form with many), one archive of photos (ZIP, tar), one video, or the name of a folder that the operator allowed; the content decides which. Photos, archives and folders take the parameters of /v1/pose, videos those of /v1/video. When this answers, the job is kept: it outlives a crash of the service. The same Idempotency-Key with the same request gives the same job."
      ),
      (
        name: "parameters",
        value: .array(
          options.map(\.parameter) + [
            header(
              "Idempotency-Key",
              "Your own name for this request, 1 to 255 ASCII characters: repeated, it is the same job"
            ), wait,
          ])
      ),
      (
        name: "requestBody",
        value: [
          "required": true,
          "content": [
            "multipart/form-data": [
              "schema": [
                "type": "object",
                "properties": .object(
                  [
                    (name: "image", value: several), (name: "archive", value: file),
                    (name: "video", value: file), (name: "file", value: several),
                  ] + fields),
                "additionalProperties": false,
              ]
            ],
            "application/zip": [:], "application/x-tar": [:], "application/gzip": [:],
            "video/*": [:], "image/*": [:], "application/octet-stream": [:],
            "application/json": [
              "schema": object([
                ("folder", described("string", "NAME or NAME/PATH, with a NAME of --job-folder"))
              ])
            ],
          ],
        ]
      ),
      (
        name: "responses",
        value: .object(
          [
            (
              name: "202",
              value: [
                "description": "The job is kept and will be done",
                "headers": ["Location": location, "Preference-Applied": applied],
                "content": jobContent,
              ]
            )
          ] + problems([400, 401, 403, 408, 413, 415, 421, 422, 429, 431, 500, 503]))
      ),
    ]
  }

  /// `GET /v1/jobs`.
  static func jobList() -> Members {
    let defaults = JobListParameters()
    let states: JSONValue = [
      "name": "state", "in": "query", "description": "Only jobs in one of these states",
      "schema": [
        "type": "array",
        "items": ["type": "string", "enum": .array(JobState.allCases.map { .text($0.rawValue) })],
      ],
    ]
    let before: JSONValue = [
      "name": "before", "in": "query",
      "description": "Only jobs older than this one: the last list's `next`", "schema": idSchema,
    ]
    let limit = JobListParameters.rows.filter { $0.key == "limit" }
      .map { parameter($0, default: defaults) }
    return [
      (name: "operationId", value: "listJobs"),
      (
        name: "description",
        value:
          "Without API keys the list is empty: who made a job keeps its id, and nobody learns others'."
      ),
      (name: "parameters", value: .array(limit + [before, states])),
      (
        name: "responses",
        value: .object(
          [
            (
              name: "200",
              value: [
                "description": "One's own jobs, the newest first",
                "content": [
                  "application/json": [
                    "schema": object(
                      [
                        (
                          "jobs",
                          ["type": "array", "items": ["$ref": "#/components/schemas/Job"]]
                        )
                      ],
                      optional: [("next", described("string", "There are more: `before` for them"))]
                    )
                  ]
                ],
              ]
            )
          ] + problems([400, 401, 403, 421, 431, 503]))
      ),
    ]
  }

  /// `GET /v1/jobs/{id}`.
  static func jobLook() -> Members {
    [
      (name: "operationId", value: "getJob"), (name: "parameters", value: [idParameter, wait]),
      (
        name: "responses",
        value: .object(
          [
            (
              name: "200",
              value: [
                "description": "How the job stands",
                "headers": ["Preference-Applied": applied], "content": jobContent,
              ]
            )
          ] + jobProblems())
      ),
    ]
  }

  /// `GET /v1/jobs/{id}/events`.
  static func jobEvents() -> Members {
    [
      (name: "operationId", value: "followJob"),
      (
        name: "description",
        value:
          "An event named `job` with the job as JSON at once and at each change, until the job has ended; `forgotten` when it is gone. Who comes back with the Last-Event-ID of the last event of an ended job gets 204, at which a browser's EventSource stops."
      ),
      (
        name: "parameters",
        value: [
          idParameter,
          header(
            "Last-Event-ID", "What a browser saw last"),
        ]
      ),
      (
        name: "responses",
        value: .object(
          [
            (
              name: "200",
              value: [
                "description": "The events",
                "content": ["text/event-stream": [:]],
              ]
            ),
            (name: "204", value: ["description": "The job has ended, and its last event was seen"]),
          ] + jobProblems())
      ),
    ]
  }

  /// `GET /v1/jobs/{id}/result`.
  static func jobResult() -> Members {
    let fields: JSONValue = [
      "ETag": textHeader("The result's SHA-256"), "Accept-Ranges": textHeader("bytes"),
      "Content-Disposition": textHeader("A name for the file"),
    ]
    return [
      (name: "operationId", value: "getJobResult"),
      (
        name: "parameters",
        value: [
          idParameter,
          header(
            "Range", "One range of bytes"),
          header(
            "If-Range", "The range only if the result has this ETag"),
          header(
            "If-None-Match", "Nothing if the result has this ETag"),
        ]
      ),
      (
        name: "responses",
        value: .object(
          [
            (
              name: "200",
              value: ["description": "The result", "headers": fields, "content": ["*/*": [:]]]
            ),
            (
              name: "206",
              value: ["description": "A part of it", "headers": fields, "content": ["*/*": [:]]]
            ),
            (name: "304", value: ["description": "The caller has it"]),
          ] + jobProblems([409, 416]))
      ),
    ]
  }

  /// `POST /v1/jobs/{id}/retry`.
  static func jobRetry() -> Members {
    [
      (name: "operationId", value: "retryJob"), (name: "parameters", value: [idParameter, wait]),
      (
        name: "responses",
        value: .object(
          [
            (
              name: "202",
              value: [
                "description": "It is queued again", "headers": ["Preference-Applied": applied],
                "content": jobContent,
              ]
            )
          ] + jobProblems([409, 429]))
      ),
    ]
  }

  /// `DELETE /v1/jobs/{id}`.
  static func jobRemoval() -> Members {
    [
      (name: "operationId", value: "removeJob"),
      (
        name: "description",
        value:
          "Between a look at a job and this it may end: `only` says which of the two is meant."
      ),
      (
        name: "parameters",
        value: .array(
          [idParameter]
            + JobRemovalParameters.rows.map { parameter($0, default: JobRemovalParameters()) })
      ),
      (
        name: "responses",
        value: .object(
          [
            (
              name: "200",
              value: [
                "description": "It had ended, and stays (only=cancel)", "content": jobContent,
              ]
            ),
            (
              name: "202",
              value: [
                "description": "It is being cancelled: what was done until now becomes its result",
                "content": jobContent,
              ]
            ),
            (name: "204", value: ["description": "It had ended, and is forgotten with its result"]),
          ] + jobProblems([409]))
      ),
    ]
  }

  /// A job, as every route of theirs gives it.
  static var job: JSONValue {
    let time = { (text: String) -> JSONValue in
      ["type": "string", "format": "date-time", "description": .text(text)]
    }
    return object(
      [
        ("id", idSchema),
        (
          "state", ["type": "string", "enum": .array(JobState.allCases.map { .text($0.rawValue) })]
        ),
        ("stage", ["type": "string", "enum": ["plan", "work", "gather"]]),
        (
          "progress",
          object(
            [
              ("ended", described("integer", "Items that ended, with a result or an error")),
              ("failed", described("integer", "Those of them with an error")),
            ],
            optional: [
              ("items", described("integer", "How many there are; missing until that is known")),
              ("seconds", described("number", "Of video that are done")),
              ("duration", described("number", "Of so many seconds")),
            ])
        ),
        ("attempts", described("integer", "The most often that one of its items was begun")),
        ("created", time("When it was handed over")),
      ],
      optional: [
        (
          "source",
          [
            "type": "string",
            "enum": .array(JobSpecification.Source.allCases.map { .text($0.rawValue) }),
            "description": "What was handed over; missing of a job that another version made",
          ]
        ),
        (
          "name",
          described(
            "string", "What the caller calls the file, the first of the photos, or the folder")
        ),
        ("started", time("When work on it began")), ("ended", time("When it ended")),
        ("expires", time("When it is swept")),
        (
          "reason",
          described(
            "string", "Why it failed, died or was cancelled; while it is open, why it has to wait")
        ),
        (
          "result",
          object([
            ("url", ["type": "string"]), ("bytes", integer), ("mediaType", ["type": "string"]),
            ("sha256", ["type": "string"]),
          ])
        ),
      ])
  }

  // MARK: Parts

  private typealias Option = (name: String, schema: JSONValue, parameter: JSONValue)

  /// What `/v1/pose` and `/v1/video` take, and the job's own.
  private static func jobOptions(_ configuration: ServiceConfiguration) -> [Option] {
    let pose = AnswerParameters(configuration)
    let video = VideoParameters(configuration)
    let shared = Set(AnswerParameters.rows.map(\.key))
    // The forms of both answers go by one name.
    let output: JSONValue = [
      "name": "output", "in": "query",
      "description": "The result's form, of those that /v1/pose or /v1/video has",
      "schema": ["type": "string"],
    ]
    return JobParameters.rows.map { option($0, JobParameters()) }
      + AnswerParameters.rows.filter { $0.key != "output" }.map { option($0, pose) }
      + VideoParameters.rows.filter { !shared.contains($0.key) }.map { option($0, video) }
      + [("output", ["type": "string"], output)]
  }

  private static func option<Parameters>(
    _ row: OptionRow<Parameters>, _ defaults: Parameters
  ) -> Option {
    (
      row.key, schema(of: row, default: row.text(in: defaults)), parameter(row, default: defaults)
    )
  }

  private static func jobProblems(_ others: [Int] = []) -> Members {
    problems(([400, 401, 403, 404, 421, 431, 503] + others).sorted())
  }

  private static let jobContent: JSONValue = [
    "application/json": ["schema": ["$ref": "#/components/schemas/Job"]]
  ]

  private static let idSchema: JSONValue = ["type": "string", "pattern": "^[0-9a-f]{32}$"]

  private static let idParameter: JSONValue = [
    "name": "id", "in": "path", "required": true, "description": "The job's id",
    "schema": idSchema,
  ]

  private static let wait = header(
    "Prefer", "wait=N: answer when the job has ended, or after N seconds (at most 60)")

  private static let location = textHeader("The job's path")
  private static let applied = textHeader("wait=N, when there was a wait")

  private static func textHeader(_ description: String) -> JSONValue {
    ["description": .text(description), "schema": ["type": "string"]]
  }

  /// What is not understood of it is passed over, unless a pattern says otherwise.
  private static func header(
    _ name: String, _ description: String, _ schema: JSONValue = ["type": "string"]
  ) -> JSONValue {
    ["name": .text(name), "in": "header", "description": .text(description), "schema": schema]
  }
}
