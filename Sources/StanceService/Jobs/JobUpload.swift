import FoundationEssentials
import HTTPServer
import StanceJobs

/// Takes a job's bytes in, as a request's body or in its form, straight into the job's files.
struct JobUpload: Sendable {
  /// A file that came.
  struct File: Sendable {
    /// As the caller calls it, if they do.
    let name: String?
    let bytes: Int
    /// SHA-256, hexadecimal.
    let checksum: String
    let content: JobContent
  }

  /// All that came.
  struct Content: Sendable {
    /// In the order of their numbers.
    var files: [File] = []
    var fields: [(name: String, value: String)] = []
    /// NAME/PATH of a folder that jobs may read, instead of files.
    var folder: String?
  }

  /// Fields of a form that files go into, with what each says of its content.
  static let fields: [(name: String, content: JobContent?)] = [
    ("image", .picture), ("archive", .archive), ("video", .video), ("file", nil),
  ]
  /// Parts of a form that are parameters.
  private static let maxParameters = 64
  /// What a form may have beside its files, their heads included.
  private static let formBytes = 16 << 20
  private static let maxJSON = 8 << 10
  /// Bytes of a name that is kept.
  private static let maxName = 1024

  let job: JobID
  let desk: JobDesk
  let maxBytes: Int
  /// Blocks a thread for each upload, of which the caller bounds how many there are.
  private let work = WorkQueue()

  init(_ job: JobID, _ desk: JobDesk, maxBytes: Int) {
    (self.job, self.desk, self.maxBytes) = (job, desk, maxBytes)
  }

  /// - Throws: `Problem` for what can be refused by the head alone.
  func checkHead(of request: HTTPRequest) throws(Problem) {
    try PhotoBodies.checkEncoding(of: request)
    guard request.isForm || request.isJSON || Self.isContent(request.mediaType) else {
      throw Problem(
        .unsupportedMedia,
        "Content-Type is \(request.mediaType.prefix(80)); wanted is a form (multipart/form-data), an archive, a video or a "
          + "photo itself (application/zip, application/x-tar, video/*, image/*, application/octet-stream), or "
          + "application/json with the name of a folder")
    }
    let limit = request.isForm ? maxBytes + Self.formBytes : maxBytes
    if let length = request.body.length, length > limit { throw tooLarge("the body has \(length)") }
  }

  private static func isContent(_ type: String) -> Bool {
    type.hasPrefix("video/") || type.hasPrefix("image/")
      || [
        "", "application/octet-stream", "application/x-www-form-urlencoded", "application/zip",
        "application/x-zip-compressed", "application/x-tar", "application/gzip",
        "application/x-gzip", "application/x-bzip2", "application/x-xz", "application/zstd",
      ].contains(type)
  }

  private func tooLarge(_ what: String) -> Problem {
    Problem(.jobTooLarge, "\(what) bytes; a job may have \(maxBytes) (--max-job-body)")
  }

  /// Reads all of it.
  ///
  /// - Parameter goOn: throws when the upload shall end.
  /// - Throws: `Problem`, `RequestBodyError`, `ClientGone`, `JobFilesError`. What was written is the caller's to remove.
  func content(of request: HTTPRequest, goOn: () throws -> Void) async throws -> Content {
    if request.isJSON { return try await folder(request) }
    if request.isForm {
      do { return try await form(request, goOn) } catch MultipartError.tooLarge {
        throw Problem(
          .jobTooLarge, "the form has more bytes than a job of \(maxBytes) and its parameters may")
      }
    }
    var intake = Intake(self)
    let type = request.mediaType
    let hint: JobContent? =
      type.hasPrefix("video/")
      ? .video : type.hasPrefix("image/") ? .picture : type.contains("tar") ? .archive : nil
    try await intake.begin(name: nil, hint)
    for try await bytes in request.body {
      try goOn()
      try await intake.append(bytes)
    }
    try await intake.end(keepsEmpty: false)
    guard !intake.files.isEmpty else {
      throw Problem(.missingInput, "the body is empty; wanted are photos, an archive or a video")
    }
    return Content(files: intake.files)
  }

  private func folder(_ request: HTTPRequest) async throws -> Content {
    let bytes: [UInt8]
    do { bytes = try await request.body.collect(upTo: Self.maxJSON) } catch RequestBodyError
      .tooLarge
    {
      throw Problem(.jobTooLarge, "JSON that names a folder has at most \(Self.maxJSON) bytes")
    }
    struct Wanted: Decodable { let folder: String }
    guard let wanted = try? JSONDecoder().decode(Wanted.self, from: Data(bytes)),
      !wanted.folder.isEmpty
    else {
      throw Problem(
        .missingInput, #"wanted is {"folder": "NAME/PATH"}, with a NAME that --job-folder gives"#)
    }
    return Content(folder: wanted.folder)
  }

  private func form(_ request: HTTPRequest, _ goOn: () throws -> Void) async throws -> Content {
    var reader = try MultipartReader(request, limit: maxBytes + Self.formBytes)
    var intake = Intake(self)
    var fields: [(name: String, value: [UInt8])] = []
    var isInFile = false
    while let event = try await reader.nextEvent() {
      try goOn()
      switch event {
      case .part(let head):
        if isInFile { try await intake.end(keepsEmpty: true) }
        let field = Self.fields.first { $0.name == head.name }
        isInFile = field != nil
        if let field {
          // A browser sends a part without name for a file that nobody chose.
          try await intake.begin(
            name: head.filename.map { String($0.prefix(Self.maxName)) }, field.content)
          continue
        }
        guard head.filename == nil else {
          let names = Self.fields.map { "\"\($0.name)\"" }.joined(separator: ", ")
          throw Problem(
            .badParameter,
            "the form has a file in \"\(head.name.prefix(40))\"; files go into fields named \(names)"
          )
        }
        guard fields.count < Self.maxParameters else { throw MultipartError.tooManyParts }
        fields.append((head.name, []))
      case .data(let bytes):
        if isInFile {
          try await intake.append(bytes)
        } else if let last = fields.indices.last {
          fields[last].value += bytes
          guard fields[last].value.count <= Self.maxField else {
            throw Problem(
              .badParameter,
              "\(fields[last].name.prefix(40)) has more than \(Self.maxField) bytes, the most taken"
            )
          }
        }
      }
    }
    if isInFile { try await intake.end(keepsEmpty: true) }
    guard !intake.files.isEmpty else {
      throw Problem(
        .missingInput,
        "the form has no file; send photos as curl -F image=@a.jpg -F image=@b.jpg does, an archive as -F archive=@photos.zip, "
          + "a video as -F video=@clip.mp4")
    }
    return Content(
      files: intake.files,
      fields: fields.map { ($0.name, String(decoding: $0.value, as: UTF8.self)) })
  }

  /// Bytes of a parameter in a form.
  private static let maxField = 4 << 10

  /// The files of one upload, one after the other.
  private struct Intake {
    private let upload: JobUpload
    private var writer: (any JobFileWriter)?
    private var head: [UInt8] = []
    private var name: String?
    private var hint: JobContent?
    private var total = 0
    private(set) var files: [File] = []

    init(_ upload: JobUpload) { self.upload = upload }

    mutating func begin(name: String?, _ hint: JobContent?) async throws {
      guard files.count < JobDesk.maxFiles else {
        throw Problem(
          .jobTooLarge,
          "the form has more than \(JobDesk.maxFiles) files; send more as an archive or in a folder"
        )
      }
      (self.name, self.hint, head, writer) = (name, hint, [], nil)
    }

    mutating func append(_ bytes: [UInt8]) async throws {
      guard bytes.count <= upload.maxBytes - total else {
        throw upload.tooLarge("the job has more than \(upload.maxBytes)")
      }
      total += bytes.count
      let missing = JobContent.headSize - head.count
      if missing > 0 { head += bytes.prefix(missing) }
      let writer = try await opened()
      try await upload.work.run { try writer.append(bytes) }
    }

    private mutating func opened() async throws -> any JobFileWriter {
      if let writer { return writer }
      let (number, upload) = (files.count, upload)
      let writer = try await upload.work.run {
        try upload.desk.files.make(.input(number), of: upload.job, as: .input)
      }
      self.writer = writer
      return writer
    }

    /// - Parameter keepsEmpty: whether a file that has a name and no bytes is one.
    mutating func end(keepsEmpty: Bool) async throws {
      if writer == nil {
        guard keepsEmpty, name?.isEmpty == false else { return }
      }
      let writer = try await opened()
      let checksum = try await upload.work.run { try writer.finish() }
      files.append(
        File(
          name: name, bytes: writer.byteCount, checksum: checksum,
          content: JobContent(head, hint: hint)))
      self.writer = nil
    }
  }
}

extension HTTPRequest {
  var isJSON: Bool { mediaType == "application/json" }
}
