import Files
import Foundation
import TestSupport
import Testing

@Suite("A package that depends on the library")
struct ConsumerPackageTests {
  @Test(
    "compiles and runs the README's Swift example with one import",
    .enabled(if: Requirements.models, "\(Requirements.missingModels)"))
  func readme() throws {
    let root = TestData.packageRoot
    let package = try TemporaryFolder()
    try Files.makeFolder(package.path + "/Sources/Consumer")
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
            dependencies: [.product(name: "Stance", package: "\(identity(of: root))")])
        ])
      """, to: package.path + "/Package.swift")
    let readme = String(
      decoding: try Files.read(root + "/README.md", limit: 1 << 20), as: UTF8.self)
    let example = try #require(readme.firstMatch(of: /```swift\n((?s).*?)```/)?.1)
    try write(String(example), to: package.path + "/Sources/Consumer/main.swift")

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
