extension JobStoreError {
  /// The owner has `open` jobs, and no more may be open.
  package static func tooMany(open: Int, _ policy: JobPolicy) -> JobStoreError {
    .ownerFull(
      "\(open) of your jobs are open, and \(policy.maxOpenJobsPerOwner) may be: wait for one to end, or cancel one"
    )
  }

  /// The owner's open jobs hold `held` bytes, and a job of `bytes` has no room beside them.
  package static func tooLarge(held: Int, bytes: Int, _ policy: JobPolicy) -> JobStoreError {
    .ownerFull(
      "your open jobs hold \(held) bytes, this one has \(bytes), and \(policy.maxOpenBytesPerOwner) may be held: "
        + "wait for one to end, or cancel one")
  }
}
