import Files

/// Where the test material lies that is not part of the project.
public enum TestData {
  /// The package's root folder.
  public static let packageRoot: String = {
    var path = #filePath
    for _ in 0..<3 { path = Files.parent(of: path) }
    return path
  }()

  /// The folder `shared` beside the package; nil in a clone that stands alone.
  public static let shared: String? = {
    let path = Files.parent(of: packageRoot) + "/shared"
    return Files.isFolder(path + "/testdata") ? path : nil
  }()

  /// Whether `shared` is there, for `.enabled(if:)`.
  public static var isPresent: Bool { shared != nil }

  /// The reason to give with `.enabled(if: TestData.isPresent, …)`.
  public static let missing = "needs ../shared/testdata, which this clone does not have"

  /// A path below `shared/testdata`.
  public static func path(_ relative: String) -> String { (shared ?? "") + "/testdata/" + relative }
}
