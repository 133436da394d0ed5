import PoseFormats
import Stance

/// Results in another program's format, as they come.
final class FormatAnswer: VideoAnswer {
  private let format: PoseFormat
  private let take: VideoTaker
  private var encoder: (any PoseEncoder)?
  private var head: [UInt8] = []

  init(_ format: PoseFormat, _ take: @escaping VideoTaker) {
    (self.format, self.take) = (format, take)
  }

  func begin(_ header: ResultsHeader) throws {
    encoder = format.encoder(for: ExportSource(header))
    head = try encoder?.begin() ?? []
  }

  func add(_ frame: TrackedFrame) throws { try put(encoder?.encode(.frame(frame)) ?? []) }

  func end(frames: Int, remarks: [String]) throws { try put(encoder?.end() ?? []) }

  private func put(_ bytes: [UInt8]) throws {
    let piece = head + bytes
    head = []
    guard !piece.isEmpty else { return }
    guard take(piece) else { throw NobodyListens() }
  }
}
