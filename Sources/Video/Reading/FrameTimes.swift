/// The times and indices of the frames that are given, told from the records of one run of ffmpeg.
struct FrameTimes {
  /// Frames whose pixels are not read yet, in order: which of the source each is, and its time in ticks, nil for none.
  var given: [(index: Int, ticks: Int64?)] = []
  /// The time of the first frame that was decoded; nil before that.
  private(set) var first: Int64??
  /// The latest time of a frame that was decoded, in ticks; nil before the first.
  private(set) var latest: Int64?
  /// Whether indices are the source's.
  private(set) var isPlaced = false

  private let givesAll: Bool
  private var records = FrameRecords()
  /// Frames that are decoded, and neither given nor known to be passed over.
  private var decoded: [Int64?] = []
  /// The index of the first of `decoded`.
  private var nextIndex = 0

  /// - Parameter givesAll: whether every decoded frame is given, and has no record of its own for that.
  init(givesAll: Bool = true) { self.givesAll = givesAll }

  /// Takes in records in any pieces.
  mutating func add(_ bytes: some Sequence<UInt8>) {
    var new: [FrameRecords.Record] = []
    records.add(bytes) { new.append($0) }
    for record in new {
      switch record.key {
      case .decoded:
        if first == nil { first = .some(record.ticks) }
        if let ticks = record.ticks { latest = max(latest ?? ticks, ticks) }
        decoded.append(record.ticks)
        if givesAll { give(record.ticks) }
      case .given: give(record.ticks)
      }
    }
  }

  /// The first decoded frame is this one of the source.
  mutating func place(firstIndex: Int) {
    isPlaced = true
    nextIndex += firstIndex
    given = given.map { ($0.index + firstIndex, $0.ticks) }
  }

  private mutating func give(_ ticks: Int64?) {
    // Those before it were passed over.
    let position = decoded.firstIndex(of: ticks) ?? decoded.endIndex
    given.append((nextIndex + position, ticks))
    let passed = min(position + 1, decoded.count)
    decoded.removeFirst(passed)
    nextIndex += passed
  }
}
