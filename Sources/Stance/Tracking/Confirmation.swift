/// Whether a new track is a person, or a false find that nobody sees again.
struct Confirmation: Sendable {
  /// So many more sights make it sure.
  static let sights = 2
  /// Within so many frames, or so many seconds if that is longer.
  static let (frames, seconds) = (3, 0.3)

  enum State { case open, confirmed, refuted }

  private(set) var state: State
  private let first: Double
  private var seen = 0
  private var passed = 0

  init(at time: Double, sure: Bool) { (first, state) = (time, sure ? .confirmed : .open) }

  /// One more sight.
  mutating func saw() {
    seen += 1
    if state == .open, seen >= Self.sights { state = .confirmed }
  }

  /// One more frame is over.
  mutating func pass(to time: Double) {
    guard time > first else { return }
    passed += 1
    if state == .open, passed >= Self.frames, time - first >= Self.seconds { state = .refuted }
  }
}
