/// A stretch of one person's sights in a ``ResultStore``, from the first one on along `next`.
struct TrackPiece: Sendable {
  var first: Int
  var last: Int
  var count = 1
  /// Whether it was cut off what came before, so that whoever puts it there again is in doubt.
  var isCutOff = false
}
