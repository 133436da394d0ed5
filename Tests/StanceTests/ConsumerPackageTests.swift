import Files
import Foundation
import TestSupport
import Testing

@Suite("A package that depends on the library")
struct ConsumerPackageTests {
  @Test(
    "compiles and runs the README's Swift example with one import, and compiles that of docs/motion.md",
    .enabled(if: Requirements.models, "\(Requirements.missingModels)"))
  func readme() throws {
    let root = TestData.packageRoot
    let package = try TemporaryFolder()
    for target in ["Consumer", "Motion"] {
      try Files.makeFolder(package.path + "/Sources/" + target)
    }
    try write(
      """
      // swift-tools-version: 6.2
      import PackageDescription
      let package = Package(
        name: "Consumer",
        dependencies: [.package(path: "\(root)")],
        targets: [
          .executableTarget(
            name: "Consumer",
            dependencies: [.product(name: "Stance", package: "\(identity(of: root))")]),
          .target(
            name: "Motion",
            dependencies: [
              .product(name: "Stance", package: "\(identity(of: root))"),
              .product(name: "PoseMotion", package: "\(identity(of: root))"),
            ]),
        ])
      """, to: package.path + "/Package.swift")
    try write(example(in: root + "/README.md"), to: package.path + "/Sources/Consumer/main.swift")
    try write(
      example(in: root + "/docs/motion.md"), to: package.path + "/Sources/Motion/Motion.swift")

    // Kept between runs, so that only the first one compiles the library again.
    let scratch = root + "/.build/consumer"
    let build = try run(
      "swift", ["build", "--package-path", package.path, "--scratch-path", scratch])
    try #require(build.status == 0, "\(build.output)")
    let notAPhoto = try run(scratch + "/debug/Consumer", [package.path + "/Package.swift"])
    #expect(notAPhoto.status != 0 && notAPhoto.output.contains("no known picture format"))
    let sample = root + "/samples/astronaut.png"
    guard Files.exists(sample) else { return }
    let found = try run(scratch + "/debug/Consumer", [sample])
    #expect(found.status == 0, "\(found.output)")
    #expect(found.output.contains("left shoulder at"))
  }

  /// The first Swift example of a page.
  private func example(in path: String) throws -> String {
    let page = String(decoding: try Files.read(path, limit: 1 << 20), as: UTF8.self)
    return String(try #require(page.firstMatch(of: /```swift\n((?s).*?)```/)?.1))
  }

  /// SwiftPM names a package by its folder.
  private func identity(of folder: String) -> String {
    URL(fileURLWithPath: folder).lastPathComponent.lowercased()
  }

  private func write(_ text: String, to path: String) throws {
    try Files.write(Array(text.utf8), to: path)
  }

  private func run(
    _ program: String, _ arguments: [String]
  ) throws -> (status: Int32, output: String) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [program] + arguments
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = pipe
    process.standardInput = FileHandle.nullDevice
    try process.run()
    let output = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: output, as: UTF8.self))
  }
}
