/// How much is taken of one archive. The defaults are for photos, which are packed already.
package struct ArchiveLimits: Sendable, Hashable {
  /// Entries of all kinds, those that are passed over too.
  package var maxEntries = 100_000
  /// Bytes of all their names together.
  package var maxNameBytes = 32 << 20
  /// Unpacked bytes of all entries together.
  package var maxBytes = 256 << 30
  /// Unpacked bytes of one entry; a larger one is refused, the others are not.
  package var maxEntryBytes = 4 << 30
  /// Unpacked bytes for each byte of the archive…
  package var maxRatio = 100
  /// …once there are more than these.
  package var ratioFloor = 64 << 20
  /// How long `stance-decode` may take for its next word before it is killed.
  package var maxSilence: Duration = .seconds(60)
  /// Its processor time in seconds for the whole archive: a net, for when nobody watches it any more.
  package var processorSeconds = 3600

  /// The defaults.
  package init() {}

  /// Unpacked bytes that are taken of an archive of `size` bytes.
  func byteLimit(archiveSize size: Int) -> Int {
    let (scaled, overflow) = size.multipliedReportingOverflow(by: maxRatio)
    return min(maxBytes, overflow ? maxBytes : max(ratioFloor, scaled))
  }
}
