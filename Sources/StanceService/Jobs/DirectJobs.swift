import Checksums
import Files
import StanceJobs
import Telemetry

/// What the routes of `/v1/jobs` do, for who has the store itself at hand. Calls block.
package struct DirectJobs: Sendable {
  private let desk: JobDesk

  package init(_ place: JobPlace) { desk = JobDesk(place) }

  private var place: JobPlace { desk.place }

  /// The newest jobs of all owners, as `GET /v1/jobs` lists one's own.
  ///
  /// - Throws: `JobStoreError`.
  package func list(limit: Int) throws -> [UInt8] {
    let jobs = try place.store.jobs(of: nil, in: [], before: nil, limit: limit)
    let all = JSONValue.array(jobs.map { $0.json(below: "") })
    return Self.bytes(["jobs": all])
  }

  /// - Throws: `Problem` with `not_found`; `JobStoreError`.
  package func show(_ id: String) throws -> [UInt8] { Self.bytes(try job(id).json(below: "")) }

  /// - Returns: nil when it had ended, and is forgotten.
  package func cancel(_ id: String) throws -> [UInt8]? {
    let job = try job(id)
    guard job.ended == nil else {
      try desk.forget(job.id)
      return nil
    }
    return Self.bytes(try desk.cancel(job.id).json(below: ""))
  }

  package func retry(_ id: String) throws -> [UInt8] {
    Self.bytes(try desk.retry(try job(id).id).json(below: ""))
  }

  /// Hands photos over.
  ///
  /// - Parameters:
  ///   - photos: their paths and names, in order.
  ///   - configuration: what is looked for, and how it is drawn.
  ///   - key: the same again is the same job.
  ///   - progress: told the bytes that were read so far; false gives up.
  /// - Throws: `FileError` for a photo that can't be read; `JobStoreError`, `JobFilesError`, `Problem`; `CancellationError`.
  package func submit(
    _ photos: [(path: String, name: String)], _ configuration: ServiceConfiguration, key: String,
    progress: (Int) -> Bool
  ) throws -> [UInt8] {
    let id = JobID()
    do {
      var total = 0
      var words: [String] = []
      for (number, photo) in photos.enumerated() {
        let source = try OpenFile(reading: photo.path)
        let writer = try place.files.make(.input(number), of: id, as: .input)
        while true {
          let bytes = try source.bytes(at: writer.byteCount, count: Self.pieceSize)
          if bytes.isEmpty { break }
          try writer.append(bytes)
          total += bytes.count
          guard progress(total) else { throw CancellationError() }
        }
        words += [photo.name, try writer.finish()]
      }
      let specification = try JobSpecification(
        .photos, name: photos.first?.name, parameters: [], configuration)
      var job = NewJob(
        id: id, specification: specification.encoded,
        items: photos.enumerated().map { number, photo in
          JobItemInput(file: .input(number), name: photo.name).encoded
        }, keep: place.keep)
      job.inputBytes = total
      job.idempotencyKey = key
      // Its name is among those of the photos.
      let plain = try JobSpecification(.photos, parameters: [], configuration)
      job.digest = SHA256.hexDigest(
        of: plain.encoded + words.flatMap { Array("\($0.utf8.count):\($0)".utf8) })
      guard case .known(let known) = try place.store.submit(job) else {
        return try show(id.description)
      }
      try place.files.removeAll(of: id)
      return try show(known.description)
    } catch {
      if case .unavailable = error as? JobStoreError { throw error }
      // What can't be removed now is swept: no job knows it.
      try? place.files.removeAll(of: id)
      throw error
    }
  }

  /// Gives the result's bytes, piece by piece.
  ///
  /// - Throws: `Problem` when there is none; `JobFilesError`, `FileError`; what `take` throws.
  package func result(of id: String, to take: ([UInt8]) throws -> Void) throws {
    let job = try job(id)
    guard let result = job.result, let name = JobFileName(result.name), job.ended != nil else {
      throw Problem(.notFound, "the job is \(job.state.rawValue) and has no result")
    }
    let file = try place.files.open(name, of: job.id)
    var offset = 0
    while offset < result.bytes {
      let bytes = try file.bytes(at: offset, count: Self.pieceSize)
      guard !bytes.isEmpty else {
        throw Problem(.internalError, "the result has \(offset) of its \(result.bytes) bytes")
      }
      try take(bytes)
      offset += bytes.count
    }
  }

  private static let pieceSize = 1 << 20

  private func job(_ text: String) throws -> Job {
    guard let id = JobID(text), let job = try place.store.job(id) else { throw Problem.noSuchJob }
    return job
  }

  private static func bytes(_ value: JSONValue) -> [UInt8] { Array(value.description.utf8) }
}

extension ServiceConfiguration {
  /// What requests for photos would say to have the same looked for and drawn by another service.
  ///
  /// - Throws: `Problem` for options that no service would take.
  package var photoParameters: [(name: String, value: String)] {
    get throws { try JobSpecification(.photos, parameters: [], self).query }
  }
}
