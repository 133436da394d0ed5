/// A stretch of one person's sights in a ``ResultStore``, from the first one on along `next`.
struct TrackPiece: Sendable {
  var first: Int
  var last: Int
  var count = 1
  /// What it was cut off, if it was.
  var cut: Cut?

  /// Where a track was cut before a piece.
  struct Cut {
    /// The last sight before.
    var before: Int
    /// Whether the body was suddenly somewhere else; else only the colours changed.
    var isJump: Bool
  }
}
