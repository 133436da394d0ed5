import Files
import Images
import Options
import PoseMotion
import Stance

/// `stance examples FOLDER -o FILE.csv`: poses of labelled photos, for `PostureSample` and MediaPipe's own tools.
struct ExamplesCommand {
  static let row = CommandRow<Settings>(
    "examples", "Makes labelled poses of photos, to compare others with",
    discussion:
      "FOLDER has a folder for each pose, whose name is the label: poses/tree/1.jpg. Of each photo the best person is taken: a line of the photo's name, "
      + "the label, and 33 times x, y and z in pixels, as MediaPipe's and ML Kit's tools write and read it. Photos named alike up to "
      + "their last two underscores (walk__1.jpg, walk__2.jpg) count as of one clip. A photo that can't be read, and one "
      + "without anybody in it, is an error line, the others go on, and the exit status is 1.",
    operands: Operands("FOLDER", .folder, count: 1...1),
    examples: [Example("stance examples poses -o poses.csv", "A line a photo")],
    [OptionGroups.table, OptionGroups.pose, OptionGroups.inference, OptionGroups.models])

  private let settings: Settings
  private let folder: String
  private let console: Console
  private let makeFinder: PoseFinderFactory

  init(
    _ settings: Settings, _ operands: [String], _ console: Console,
    _ makeFinder: @escaping PoseFinderFactory
  ) {
    self.settings = settings
    folder = operands.first ?? "."
    self.console = console
    self.makeFinder = makeFinder
  }

  func run() throws -> Int32 {
    guard let output = settings.output, output != "-" else {
      throw UsageError("examples: name the table by -o FILE.csv")
    }
    guard Files.isFolder(folder) else {
      throw UsageError("examples: \(folder.shownPath) is no folder; it has a folder for each pose")
    }
    let photos = try PhotoList([folder])
    if let there = FileIdentity(of: output), photos.identities.contains(there) {
      throw UsageError("--output: \(output.shownPath) is one of the photos")
    }
    console.interrupts.watch()
    do {
      let table = try WholeFile(output)
      return try write(photos, to: table)
    } catch let error as FileError {
      console.complain("\(output.shownPath): can't be written: \(error.message)")
      return ExitStatus.failure
    }
  }

  private func write(_ photos: PhotoList, to table: WholeFile) throws -> Int32 {
    let finder = try makeFinder(settings.pose, settings.engine)
    var progress = ProgressLine(console)
    defer { progress.clear() }
    var (lines, failures) = (0, 0)
    for (place, entry) in photos.entries.enumerated() {
      // What is whole before the end is no table of all poses.
      if let number = console.interrupts.signal() { return ExitStatus.signal(number) }
      switch line(of: entry, by: finder) {
      case .success(let line):
        try table.append(Array((line + "\n").utf8))
        lines += 1
      case .failure(let failure):
        failures += 1
        progress.clear()
        console.complain(failure.message)
      }
      progress.show("\(place + 1) of \(photos.entries.count) photos")
    }
    guard lines > 0 else { return ExitStatus.failure }
    try table.finish(as: table.path)
    return failures == 0 ? ExitStatus.success : ExitStatus.failure
  }

  /// Why a photo gives no line.
  private struct NoExample: Error { let message: String }

  private func line(
    of entry: PhotoList.Entry, by finder: any PoseFinder
  ) -> Result<String, NoExample> {
    func failed(_ path: String, _ why: String) -> Result<String, NoExample> {
      .failure(NoExample(message: "\(path.shownPath): \(why)"))
    }
    guard case .photo(let photo) = entry else {
      guard case .problem(let path, let message) = entry else { return failed(folder, "no photo") }
      return failed(path, message)
    }
    let parts = photo.relativePath.split(separator: "/")
    guard let label = parts.first, parts.count > 1 else {
      return failed(photo.path, "lies in no folder that names its pose")
    }
    do {
      let bytes = try Files.read(photo.path, limit: ImageLimits().maxBytes)
      let result = try finder.find(in: bytes, wantsPicture: false).result
      guard let person = result.people.first else { return failed(photo.path, "nobody found") }
      let line = PostureSample.csv(
        name: photo.relativePath, label: String(label), person: person, in: result.imageSize)
      return line.map { .success($0) }
        ?? failed(photo.path, "a comma or line break in its name, which the table can't hold")
    } catch let error as FileError {
      return failed(photo.path, error.message)
    } catch {
      return failed(photo.path, "\(error)")
    }
  }
}
