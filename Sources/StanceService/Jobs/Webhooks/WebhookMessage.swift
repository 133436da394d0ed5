import Checksums
import StanceJobs
import Telemetry

/// What a host is told: which job ended, and how. Never anything that was found.
struct WebhookMessage: Sendable {
  let body: [UInt8]
  /// For the field `Stance-Signature`: `t=` seconds since 1970, `v1=` HMAC-SHA-256 by the secret, hexadecimal, over those digits, a dot
  /// and the body.
  let signature: String

  init(_ job: JobID, _ state: JobState, at seconds: Int, secret: [UInt8]) {
    let value: JSONValue = ["id": .text(job.description), "state": .text(state.rawValue)]
    body = Array(value.description.utf8)
    let code = HMAC.sha256(of: Array("\(seconds).".utf8) + body, key: secret)
    signature = "t=\(seconds),v1=\(code)"
  }
}
