import StanceJobs
import Synchronization

/// How often photos of jobs were short of something by their own fault. Each process counts for itself, and anew when it is started.
final class PhotoShortages: Sendable {
  private struct Photo: Hashable {
    let job: JobID
    let index: Int
  }

  /// As often as a photo may lose its worker (``JobPolicy/maxAttempts``).
  private static let limit = 3
  /// Of so many photos at once; those of jobs that others ended are never taken out by themselves.
  private static let most = 1000

  private let counts = Mutex<[Photo: Int]>([:])

  /// Counts once more.
  ///
  /// - Returns: whether that was the last time: the photo is given up.
  func isLast(of claim: Claim) -> Bool {
    let photo = Photo(job: claim.job, index: claim.index)
    return counts.withLock { counts in
      let count = (counts.removeValue(forKey: photo) ?? 0) + 1
      guard count < Self.limit else { return true }
      // Forgotten ones begin anew: they wait for longer, and are not lost.
      if counts.count >= Self.most { counts = [:] }
      counts[photo] = count
      return false
    }
  }
}
