import PoseFormats
import PoseVideo
import Stance
import Video

/// What `video` prints: JSON Lines as results come, or at the end a line for each person; and how far it is.
final class VideoReport: ClipReport {
  private let console: Console
  private let printsJSON: Bool
  private let exporter: Exporter?
  private let motion: MotionReport?
  private let shownInput: String
  private var line: ProgressLine
  private var progress = VideoProgress()
  private var drawingProgress: VideoProgress?
  private var summaries = TrackSummaries()

  /// Results that were taken in.
  private(set) var frameCount = 0

  /// - Parameters:
  ///   - exporter: is given all results; ended by the caller.
  ///   - motion: the same.
  init(
    _ console: Console, json: Bool, exporter: Exporter?, motion: MotionReport?, shownInput: String
  ) {
    self.console = console
    printsJSON = json
    (self.exporter, self.motion) = (exporter, motion)
    self.shownInput = shownInput
    line = ProgressLine(console)
  }

  // MARK: ClipReport

  var shallEnd: Bool { console.interrupts.signal() != nil }

  func begin(_ header: ResultsHeader) throws {
    if printsJSON { try console.output.write(ResultsLine.header(header).encoded()) }
    try exporter?.begin(ExportSource(header))
  }

  func add(_ frame: TrackedFrame) throws {
    frameCount += 1
    summaries.add(frame)
    let moved = motion?.add(frame)
    if printsJSON {
      line.clear()
      let line = try moved.map { try ResultsLine.encoded(frame, with: $0) }
      try console.output.write(line ?? ResultsLine.frame(frame).encoded())
    }
    try exporter?.add(.frame(frame))
  }

  func advance(isSecondTime: Bool, of total: Int?) {
    guard isSecondTime else { return line.show(progress.advance(of: total)) }
    var progress = drawingProgress ?? VideoProgress()
    line.show("drawing " + progress.advance(of: total))
    drawingProgress = progress
  }

  func tell(_ event: VideoEvent) { remark(event.words) }

  func remark(_ text: String) { complain("\(shownInput): \(text)") }

  // MARK: The end

  /// The people's lines, unless all frames had theirs.
  func summarise() throws {
    guard !printsJSON else { return }
    line.clear()
    try console.print(summaries.text(file: shownInput))
  }

  /// An error line.
  func complain(_ message: String) {
    line.clear()
    console.complain(message)
  }

  /// Takes the progress away.
  func clear() { line.clear() }
}
