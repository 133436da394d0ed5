import Files
import JobStores
package import StanceJobs

/// Opens the store at an address.
///
/// - Parameters:
///   - address: "sqlite:PATH", "redis://…" (also "rediss://") or "postgresql://…".
///   - passwordFile: a file whose first line is the store's password, in place of one in the address.
/// - Throws: `ServiceError` for an address of another kind or a wrong one; `FileError`; `JobStoreError`.
package func openJobStore(
  _ address: String, passwordFile: String? = nil, policy: JobPolicy = JobPolicy()
) throws -> any JobStore {
  let scheme = address.prefix { $0 != ":" }
  do {
    switch scheme {
    case "sqlite":
      let path = address.dropFirst(scheme.count + 1)
      guard !path.isEmpty, !path.hasPrefix("//") else {
        throw ServiceError("--jobs: wanted is sqlite:PATH, as sqlite:/var/lib/stance/jobs.db")
      }
      guard passwordFile == nil else {
        throw ServiceError("--jobs-password: an SQLite store has no password")
      }
      return try SQLiteJobStore(String(path), policy: policy)
    case "redis", "rediss", "redis+unix":
      return try RedisJobStore(
        RedisAddress(address, password: passwordFile.map(password(in:))), policy: policy)
    case "postgresql", "postgres":
      return try PostgresJobStore(
        PostgresAddress(address, password: passwordFile.map(password(in:))), policy: policy)
    default:
      // Not the address itself: it can hold a password.
      throw ServiceError(
        "--jobs: the address begins with none of sqlite:, redis://, rediss:// and postgresql://")
    }
  } catch let error as ConnectionError {
    throw ServiceError("--jobs: \(error)")
  }
}

/// The file's first line.
private func password(in file: String) throws -> Secret {
  let text = String(decoding: try Files.read(file, limit: 4096), as: UTF8.self)
  guard let line = text.split(whereSeparator: \.isNewline).first else {
    throw ServiceError("--jobs-password: \(file) is empty; its first line is the password")
  }
  return Secret(String(line))
}
