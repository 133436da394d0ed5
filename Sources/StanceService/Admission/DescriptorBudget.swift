/// How many connections the descriptors of a process are enough for, so that a crowd of callers never takes those that
/// photos and videos need.
package struct DescriptorBudget: Sendable, Hashable {
  /// Standard streams, log, event queues, the listening socket, models, certificate and keys.
  private static let own = 48
  /// What starting a child takes for a moment; while it runs it takes half.
  private static let child = 8
  /// A video's file, its decoder, its encoder, its sound, and large frames that wait in files.
  private static let video = 64
  /// Videos get no more than this part of all descriptors: with few of them the service still begins.
  private static let videosShare = 4
  /// Clients over the limit that are told so: at most so many, and no more than this part of all descriptors.
  private static let surplus = 128
  private static let surplusShare = 8

  /// Connections to allow.
  package let connections: Int
  /// Clients over the limit that may be held for a moment, so that they hear why.
  package let turnedAway: Int

  /// - Parameters:
  ///   - wanted: connections that the configuration allows.
  ///   - descriptors: that may be open.
  ///   - photos: that may be decoded at once, each perhaps by a child.
  ///   - videos: that may be worked on at once.
  /// - Throws: `ServiceError` when not one connection is left.
  package init(wanted: Int, descriptors: Int, photos: Int, videos: Int = 0) throws(ServiceError) {
    turnedAway = max(1, min(Self.surplus, descriptors / Self.surplusShare))
    let needed =
      Self.own + Self.child * photos + turnedAway
      + min(Self.video * videos, descriptors / Self.videosShare)
    guard descriptors > needed else {
      throw ServiceError(
        "only \(descriptors) files may be open, and without any connection \(needed) are needed: raise the limit "
          + "(ulimit -n, systemd's LimitNOFILE=, Docker's --ulimit nofile=)")
    }
    connections = min(wanted, descriptors - needed)
  }
}
