import PoseFormats
import Stance

/// What `video` prints: JSON Lines as results come, or at the end a line for each person; and how far it is.
final class VideoReport {
  private let console: Console
  private let printsJSON: Bool
  private let shownInput: String
  private var progress: ProgressLine
  private var summaries = TrackSummaries()

  /// Results that were taken in.
  private(set) var frameCount = 0

  init(_ console: Console, json: Bool, shownInput: String) {
    self.console = console
    printsJSON = json
    self.shownInput = shownInput
    progress = ProgressLine(console)
  }

  /// The first line.
  func begin(_ header: ResultsHeader) throws {
    if printsJSON { try console.output.write(ResultsLine.header(header).encoded()) }
  }

  /// A frame's line.
  func add(_ frame: TrackedFrame) throws {
    frameCount += 1
    summaries.add(frame)
    guard printsJSON else { return }
    progress.clear()
    try console.output.write(ResultsLine.frame(frame).encoded())
  }

  /// The people's lines, unless all frames had theirs.
  func summarise() throws {
    guard !printsJSON else { return }
    progress.clear()
    try console.print(summaries.text(file: shownInput))
  }

  /// How far the work is.
  func show(_ text: String) { progress.show(text) }

  /// An error line, or a remark.
  func complain(_ message: String) {
    progress.clear()
    console.complain(message)
  }

  /// Takes the progress away.
  func clear() { progress.clear() }
}
