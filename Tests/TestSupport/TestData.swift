import Files

/// Where the test material lies that is not part of the project.
package enum TestData {
  /// The package's root folder.
  package static let packageRoot: String = {
    var path = #filePath
    for _ in 0..<3 { path = Files.parent(of: path) }
    return path
  }()

  /// The folder `shared` beside the package; nil in a clone that stands alone.
  package static let shared: String? = {
    let path = Files.parent(of: packageRoot) + "/shared"
    return Files.isFolder(path + "/testdata") ? path : nil
  }()

  /// Whether `shared` is there, for `.enabled(if:)`.
  package static var isPresent: Bool { shared != nil }

  /// The reason to give with `.enabled(if: TestData.isPresent, …)`.
  package static let missing = "needs ../shared/testdata, which this clone does not have"

  /// A path below `shared/testdata`.
  package static func path(_ relative: String) -> String {
    (shared ?? "") + "/testdata/" + relative
  }
}
