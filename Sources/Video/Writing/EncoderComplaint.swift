import Glibc
import Processes

/// What the ffmpeg that writes said, and how it ended.
struct EncoderComplaint {
  /// What failed.
  let error: VideoError

  init(_ ending: StreamingChild.Ending) {
    let complaint = DecoderComplaint(status: ending.status, errors: ending.errors)
    let says = { (words: String) in complaint.lines.contains { $0.contains(words) } }
    if says("No space left on device") {
      error = VideoError(.noResources, "no space is left on the disk")
    } else if says("Disk quota exceeded") {
      error = VideoError(.noResources, "the disk quota is exceeded")
    } else if says("File too large") || ending.status == .signalled(SIGXFSZ) {
      error = VideoError(.noResources, "the file would be larger than this system allows")
    } else {
      error =
        complaint.machineError
        ?? VideoError(.unwritable, "ffmpeg could not write the video; \(complaint.words)")
    }
  }
}
