import FoundationEssentials
import HTTPClient

/// Jobs of a service.
struct ServerJobs: JobsAccess {
  private let base: String
  private let key: String?

  /// - Parameter address: "http://127.0.0.1:5000", also with a path below which a proxy has the service.
  /// - Throws: `JobsFailure` when it is none.
  init(_ address: String, key: String?) throws {
    var base = address
    while base.hasSuffix("/") { base.removeLast() }
    guard base.wholeMatch(of: /https?:\/\/[^\/?#@\s]+(\/[^?#\s]*)?/) != nil else {
      throw JobsFailure(
        "--server: \"\(address)\" is no address such as http://127.0.0.1:5000 or https://pose.example"
      )
    }
    (self.base, self.key) = (base + "/v1/jobs", key)
  }

  func list(limit: Int) throws -> [UInt8] { try ask("GET", "?limit=\(limit)").body }

  func show(_ id: String) throws -> [UInt8] { try ask("GET", "/\(id)").body }

  func cancel(_ id: String) throws -> [UInt8]? {
    let answer = try ask("DELETE", "/\(id)")
    return answer.status == 204 ? nil : answer.body
  }

  func retry(_ id: String) throws -> [UInt8] { try ask("POST", "/\(id)/retry").body }

  func submit(
    _ photos: [JobPhoto], parameters: [(name: String, value: String)], key: String,
    progress: @escaping @Sendable (Int) -> Void, isInterrupted: @escaping @Sendable () -> Bool
  ) throws -> [UInt8] {
    let form = UploadForm(photos)
    let query = parameters.map { "\(Self.encoded($0.name))=\(Self.encoded($0.value))" }
    var request = request("POST", query.isEmpty ? "" : "?" + query.joined(separator: "&"))
    request.fields += [
      ("Content-Type", "multipart/form-data; boundary=\(form.boundary)"), ("Idempotency-Key", key),
    ]
    request.body = HTTPClientBody(size: form.size) { offset, count in
      progress(offset)
      return form.bytes(at: offset, count: count)
    }
    // The service has all bytes on its disk before it answers.
    request.silenceLimit = .seconds(600)
    request.givesUp = isInterrupted
    return try answer(to: request).body
  }

  func result(of id: String, to take: ([UInt8]) throws -> Void) throws {
    var failure: (any Error)?
    var refusal: [UInt8] = []
    // The status is known when the first bytes come; a problem's words are few.
    let request = request("GET", "/\(id)/result")
    let answer: HTTPClientAnswer
    do {
      answer = try withoutActuallyEscaping(take) { take in
        try HTTPClient.send(request) { bytes, status in
          guard status == 200 else {
            refusal += bytes.prefix(64 << 10)
            return true
          }
          do { try take(bytes) } catch {
            failure = error
            return false
          }
          return true
        }
      }
    } catch {
      if let failure { throw failure }
      throw Self.unreachable(base, error)
    }
    guard answer.status == 200 else { throw Self.refusal(answer.status, refusal) }
  }

  // MARK: Requests

  private func request(_ method: String, _ path: String) -> HTTPClientRequest {
    var request = HTTPClientRequest(base + path)
    request.method = method
    request.fields = [("Accept", "application/json"), ("User-Agent", "stance")]
    if let key { request.fields.append(("Authorization", "Bearer \(key)")) }
    return request
  }

  private func ask(_ method: String, _ path: String) throws -> HTTPClientAnswer {
    var request = request(method, path)
    request.timeLimit = .seconds(60)
    return try answer(to: request)
  }

  private func answer(to request: HTTPClientRequest) throws -> HTTPClientAnswer {
    let answer: HTTPClientAnswer
    do { answer = try HTTPClient.send(request) } catch { throw Self.unreachable(base, error) }
    guard (200..<300).contains(answer.status) else {
      throw Self.refusal(answer.status, answer.body)
    }
    return answer
  }

  private static func unreachable(_ address: String, _ error: any Error) -> JobsFailure {
    JobsFailure("\(address): \(error)")
  }

  private static func refusal(_ status: Int, _ body: [UInt8]) -> JobsFailure {
    struct Problem: Decodable { let code, detail: String }
    if let problem = try? JSONDecoder().decode(Problem.self, from: Data(body)) {
      return JobsFailure("\(problem.code): \(problem.detail)")
    }
    return JobsFailure("the service answers with status \(status), and not as /v1/jobs does")
  }

  private static func encoded(_ text: String) -> String {
    text.utf8.map { byte in
      let isPlain =
        (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
        || Array("-._~".utf8).contains(byte)
      let digits = String(byte, radix: 16, uppercase: true)
      return isPlain
        ? String(UnicodeScalar(byte)) : "%" + (digits.count < 2 ? "0" : "") + digits
    }.joined()
  }
}
