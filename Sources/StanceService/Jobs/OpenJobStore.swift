import Files
package import StanceJobs

/// Opens the store at an address.
///
/// - Parameters:
///   - address: "sqlite:PATH", "redis://…" or "postgresql://…".
///   - passwordFile: a file whose first line is the store's password.
/// - Throws: `ServiceError` for an address of another kind; `JobStoreError`.
package func openJobStore(
  _ address: String, passwordFile: String? = nil, policy: JobPolicy = JobPolicy()
) throws -> any JobStore {
  let scheme = address.prefix { $0 != ":" }
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
  case "redis", "rediss", "postgresql", "postgres":
    throw ServiceError("--jobs: this build keeps jobs in SQLite only (sqlite:PATH)")
  default:
    // Not the address itself: it can hold a password.
    throw ServiceError(
      "--jobs: the address begins with none of sqlite:, redis:// and postgresql://")
  }
}
