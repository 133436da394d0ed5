/// The name that was probably meant by a misspelt one.
enum Suggestion {
  /// ", did you mean --port?" for the nearest name, or nothing if none is near.
  static func text(for word: String, among names: [String], prefix: String = "") -> String {
    nearest(to: word, among: names).map { ", did you mean \(prefix)\($0)?" } ?? ""
  }

  /// The nearest name, at most a third of its letters away (but always one).
  static func nearest(to word: String, among names: [String]) -> String? {
    // Longer words resemble no name, and the distance costs the product of both lengths.
    guard word.utf8.count <= 64 else { return nil }
    let plain = normalized(word)
    let near = names.map { (name: $0, distance: distance(plain, normalized($0))) }
      .min { $0.distance < $1.distance }
    guard let near, near.distance <= max(1, plain.count / 3) else { return nil }
    return near.name
  }

  /// `max_people` and `maxPeople` are near `max-people`.
  private static func normalized(_ word: String) -> [Character] {
    word.lowercased().filter { $0 != "-" && $0 != "_" }
  }

  /// Edits from one word to the other: insert, delete, replace, swap of neighbours (optimal string alignment).
  static func distance(_ left: [Character], _ right: [Character]) -> Int {
    var rows = [Array(0...right.count)]
    for i in left.indices {
      var row = [i + 1]
      for j in right.indices {
        let replaced = rows[i][j] + (left[i] == right[j] ? 0 : 1)
        var best = min(row[j] + 1, rows[i][j + 1] + 1, replaced)
        if i > 0, j > 0, left[i] == right[j - 1], left[i - 1] == right[j] {
          best = min(best, rows[i - 1][j - 1] + 1)
        }
        row.append(best)
      }
      rows.append(row)
    }
    return rows[left.count][right.count]
  }
}
