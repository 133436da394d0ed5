/// What a form holds.
struct PhotoForm: Sendable {
  /// The field that pictures go into.
  static let photoField = "image"
  /// Names that a message lists, and characters of each: they are the client's.
  private static let maxNames = 8
  private static let maxName = 40

  /// The parts named `image`, in order, without those where no file was chosen.
  let photos: [[UInt8]]
  /// The others, of which none has a value when fields are not wanted.
  let fields: [(name: String, value: String)]
  /// Names of the others that are files.
  let strayFiles: [String]
  /// Whether there is a part named `image` in which no file was chosen.
  let hasEmptyChoice: Bool

  /// - Throws: `Problem`, which names the fields that are there, when there is no picture; when a picture is not in
  ///   its field.
  func checkPhotos() throws(Problem) {
    guard photos.isEmpty else {
      if strayFiles.isEmpty { return }
      throw Problem(
        .badParameter,
        "the form has a file in \(Self.list(strayFiles)); every picture goes into a field named \"\(Self.photoField)\""
      )
    }
    let names = (hasEmptyChoice ? [Self.photoField] : []) + strayFiles + fields.map(\.name)
    let there =
      names.isEmpty ? "it has no field at all" : "it has \(Self.list(names))"
    let advice =
      hasEmptyChoice
      ? "no file was chosen for \"\(Self.photoField)\""
      : "send it as curl -F \(Self.photoField)=@photo.jpg does"
    throw Problem(
      .missingImage,
      "the form has no file in a field named \"\(Self.photoField)\"; \(there); \(advice)")
  }

  /// Each name once: `"photo", "note"`.
  private static func list(_ names: [String]) -> String {
    var told: [String] = []
    for name in names where !told.contains(name) { told.append(name) }
    let shown = told.prefix(maxNames).map { name in
      "\"\(name.prefix(maxName))\(name.count > maxName ? "…" : "")\""
    }
    return shown.joined(separator: ", ") + (told.count > maxNames ? " and others" : "")
  }
}
