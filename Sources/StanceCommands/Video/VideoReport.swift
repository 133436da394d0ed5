import PoseFormats
import PoseVideo
import Stance

/// What `video` prints: JSON Lines as results come, or at the end a line for each person; and how far it is.
struct VideoReport {
  private let console: Console
  private let printsJSON: Bool
  private let shownInput: String
  private var progress: ProgressLine
  private var summaries = TrackSummaries()

  init(_ console: Console, json: Bool, shownInput: String) {
    self.console = console
    printsJSON = json
    self.shownInput = shownInput
    progress = ProgressLine(console)
  }

  /// The first line.
  mutating func begin(_ header: ResultsHeader) throws {
    if printsJSON { try console.output.write(ResultsLine.header(header).encoded()) }
  }

  /// A frame's line.
  mutating func add(_ frame: TrackedFrame) throws {
    summaries.add(frame)
    guard printsJSON else { return }
    progress.clear()
    try console.output.write(ResultsLine.frame(frame).encoded())
  }

  /// How far the work is.
  mutating func show(_ text: String) { progress.show(text) }

  /// The people's lines.
  ///
  /// - Parameter isSilent: nothing is printed, because something else was asked for.
  mutating func end(isSilent: Bool) throws {
    progress.clear()
    if !printsJSON, !isSilent { try console.print(summaries.text(file: shownInput)) }
  }

  /// An error line, or a remark.
  mutating func complain(_ message: String) {
    progress.clear()
    console.complain(message)
  }
}
