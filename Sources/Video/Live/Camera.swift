import Files
import Glibc

/// A camera by V4L2.
struct Camera {
  let path: String

  /// Asked for; the driver takes the nearest it has.
  private static let (size, rate) = ("1280x720", "30")

  /// - Throws: `VideoError` when there is no such device.
  init(_ path: String) throws(VideoError) {
    var status = stat()
    guard stat(path, &status) == 0 else {
      throw VideoError(.unreadable, "there is no such camera: \(String(cString: strerror(errno)))")
    }
    guard status.st_mode & S_IFMT == S_IFCHR else {
      throw VideoError(.unreadable, "it is no camera, which are character devices")
    }
    // Where links lead: the sandbox opens the device, and nothing else.
    self.path = Files.realPath(path) ?? path
  }

  init(checked path: String) { self.path = path }

  /// JPEGs first: uncompressed most cameras give few frames of this size.
  var inputs: [DecoderInput] { [input(["-input_format", "mjpeg"]), input([])] }

  /// The first input that the camera can give.
  func open(
    maxPixels: Int, tools: VideoTools
  ) throws(VideoError) -> (DecoderInput, CodedVideo) {
    var failure = VideoError(.unreadable, "it could not be opened")
    for input in inputs {
      do {
        return (
          input,
          try StreamProbe.read(input, named: path, maxPixels: maxPixels, tools: tools)
        )
      } catch {
        failure = error
        guard error.code == .unreadable else { throw error }
      }
    }
    throw failure
  }

  private func input(_ format: [String]) -> DecoderInput {
    DecoderInput(
      demuxing: [
        "-protocol_whitelist", "file", "-format_whitelist", "video4linux2,v4l2", "-f", "v4l2",
        "-framerate", Self.rate, "-video_size", Self.size,
      ] + format,
      url: path, rights: ["--device", path])
  }
}
