import Glibc
import Processes

/// What the ffmpeg that writes said, and how it ended.
struct EncoderComplaint {
  private let status: ChildStatus
  private let complaint: DecoderComplaint

  init(_ ending: StreamingChild.Ending) {
    status = ending.status
    complaint = DecoderComplaint(status: ending.status, errors: ending.errors)
  }

  /// What failed; nil when all was written.
  var error: VideoError? {
    // ffmpeg 5.1 ends with status 0 when the very end could not be written.
    let marks = ["rror writing", "rror closing", "rror muxing", "av_interleaved_write_frame"]
    guard status != .exited(0) || says(marks) else { return nil }
    if says(["No space left on device"]) {
      return VideoError(.noResources, "no space is left on the disk")
    }
    if says(["Disk quota exceeded"]) {
      return VideoError(.noResources, "the disk quota is exceeded")
    }
    if says(["File too large"]) || status == .signalled(SIGXFSZ) {
      return VideoError(.noResources, "the file would be larger than this system allows")
    }
    return complaint.machineError
      ?? VideoError(.unwritable, "ffmpeg could not write the video; \(complaint.words)")
  }

  private func says(_ marks: [String]) -> Bool {
    complaint.lines.contains { line in marks.contains { line.contains($0) } }
  }
}
