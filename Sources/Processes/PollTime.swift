extension Duration {
  /// Milliseconds for poll(2), rounded up so that the last wait does not spin.
  var pollMilliseconds: Int32 {
    let (seconds, attoseconds) = components
    guard seconds < 1_000_000 else { return 1_000_000_000 }
    return Int32(max(seconds, 0)) * 1000 + Int32(max(attoseconds, 0) / 1_000_000_000_000_000) + 1
  }
}
