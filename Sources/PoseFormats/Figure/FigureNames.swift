/// What points and joints are called where one file holds several people.
struct FigureNames: Sendable {
  private let isAlone: Bool

  /// - Parameter ids: of everybody in the file.
  init(_ ids: [Int]) { isAlone = ids.count < 2 }

  /// "nose", or of one of several "person2:nose": programs for motion capture take what is before a colon for the
  /// subject.
  func full(_ name: String, of id: Int) -> String {
    isAlone ? name : "\(Self.person(id)):\(name)"
  }

  /// "person2".
  static func person(_ id: Int) -> String { "person\(id)" }
}
