import Images
import Inference

/// The search in one still, from the call to the answer.
struct StillSearch: Sendable {
  let options: PoseOptions
  let precision: Precision
  /// When the caller asked, so that waiting for an engine is part of the total.
  let asked = ContinuousClock.now

  /// What is in a picture whose pixels, or some of them, `open` brings.
  ///
  /// - Returns: the result, and the picture as far as it was decoded.
  func run(
    with engine: Engine, on open: () throws -> Photo
  ) throws -> (result: PoseResult, photo: Photo) {
    var timing = PoseTiming()
    let photo = try timed(&timing.decode, open)
    var search = try PeopleSearch(in: photo, options: options, with: engine)
    let found = try search.run(&timing)
    let people = found.findings.map { Person($0, in: photo.size) }
    timing.total = ContinuousClock.now - asked
    return (
      PoseResult(
        imageSize: photo.size, complexity: options.complexity, search: options.search,
        precision: precision, people: people, peopleFound: found.count, timing: timing),
      search.photo
    )
  }
}
