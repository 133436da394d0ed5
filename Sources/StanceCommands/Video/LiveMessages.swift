import Video

extension VideoEvent {
  /// What happened to a live source, for who watches; empty for a frame.
  var words: String {
    switch self {
    case .frame: ""
    case .stale(let seconds, let reason):
      "stale: \(reason); it is tried again, \(seconds.fixed(places: 1)) s after the last frame"
    case .resumed(let seconds, let attempts):
      "resumed after \(seconds.fixed(places: 1)) s and \(attempts) "
        + "\(attempts == 1 ? "attempt" : "attempts")"
    }
  }
}
