import ArchiveDecoder
import ArchiveFrames
import PictureDecoders

/// An archive's frames, on standard output.
struct ArchiveOutput: ArchiveSink {
  func write(_ frame: ArchiveFrame) throws(Failure) { try StandardStreams.write(frame.bytes) }

  func write(data: UnsafeRawBufferPointer) throws(Failure) {
    try StandardStreams.write(ArchiveFrame.data(count: data.count).bytes)
    try StandardStreams.write(data)
  }
}
