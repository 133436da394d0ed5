/// The ids that go out, for the tracks inside: given in order, never twice.
struct Identities: Sendable {
  private var ids: [Track.Key: Int] = [:]
  private var next = 1

  /// How many tracks have one.
  var count: Int { ids.count }

  /// The track's id, given now if it has none.
  mutating func id(of key: Track.Key) -> Int {
    if let id = ids[key] { return id }
    defer { next += 1 }
    ids[key] = next
    return next
  }

  /// The track's id, nil if it has none.
  func known(_ key: Track.Key) -> Int? { ids[key] }

  /// The track of an id, nil if no track that is alive has it.
  func key(of id: Int) -> Track.Key? { ids.first { $0.value == id }?.key }

  /// Forgets tracks that will never be seen again.
  mutating func keep(_ isAlive: (Track.Key) -> Bool) { ids = ids.filter { isAlive($0.key) } }
}
