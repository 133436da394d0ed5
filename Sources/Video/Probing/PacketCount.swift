/// How many frames a file has before one of them.
struct PacketCount {
  /// The time of the first frame that is decoded, in ticks.
  let frame: Int64
  /// The time from which on frames are wanted, in ticks.
  let wanted: Int64
  /// Frames that are shown before `frame`.
  private(set) var before = 0
  /// Whether there are some from `wanted` on, but before `frame`.
  private(set) var missesWanted = false
  /// Whether each packet has a time; the count is worth nothing otherwise.
  private(set) var isReliable = true

  init(frame: Int64, wanted: Int64) {
    self.frame = frame
    self.wanted = wanted
  }

  mutating func add(_ packet: PacketList.Packet) {
    guard !packet.isDiscarded else { return }
    guard let ticks = packet.ticks else {
      isReliable = false
      return
    }
    guard ticks < frame else { return }
    before += 1
    if ticks >= wanted { missesWanted = true }
  }
}
