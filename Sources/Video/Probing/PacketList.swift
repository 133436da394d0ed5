import Files
import Processes

/// The packets of a video stream, in the order in which they are stored, read without decoding them.
enum PacketList {
  /// One of them; as a rule that is a frame.
  struct Packet {
    /// When its frame is shown; nil where the file does not tell.
    var ticks: Int64?
    /// Whether its frame is decoded and not shown.
    var isDiscarded: Bool
  }

  /// Audio and video are interleaved, and pictures reordered, within less than this many seconds.
  private static let margin = 10.0
  /// Without a byte for so long, ffprobe is given up.
  private static let patience = Duration.seconds(60)

  /// ffprobe's list up to a time on the file's own clock, and some more; nil for all of it.
  static func command(
    _ streamIndex: Int, until end: Double?, _ tools: VideoTools
  ) throws(VideoError) -> Command {
    let interval = end.map { ["-read_intervals", "%\($0 + margin)"] } ?? []
    return try tools.command(
      \.ffprobe,
      DemuxerRules.arguments + ["-select_streams", "\(streamIndex)"] + interval + [
        "-show_entries", "packet=pts,flags", "-of", "csv=print_section=0",
        "-i", "file:\(VideoTools.input)",
      ], limits: Command.Limits(memory: 2 << 30))
  }

  /// Gives each packet that `child`, which runs such a command, tells; false when it told nothing for too long.
  static func read(
    _ child: StreamingChild, _ body: (Packet) -> Void
  ) throws(ProcessError) -> Bool {
    var buffer = [UInt8](repeating: 0, count: 64 << 10)
    var line: [UInt8] = []
    while true {
      guard try child.wait(for: [.output], within: patience) else { return false }
      switch try child.read(.output, into: &buffer) {
      case .nothingYet: break
      case .ended: return true
      case .bytes(let count):
        for byte in buffer[..<count] {
          if byte != UInt8(ascii: "\n") {
            line.append(byte)
            continue
          }
          if let packet = packet(String(decoding: line, as: UTF8.self)) { body(packet) }
          line.removeAll(keepingCapacity: true)
        }
      }
    }
  }

  /// "1536,K_": the time in ticks and two flags, of which D says that its frame is not shown.
  private static func packet(_ line: String) -> Packet? {
    let fields = line.split(separator: ",")
    guard fields.count >= 2 else { return nil }
    return Packet(ticks: Int64(fields[0]), isDiscarded: fields[1].contains("D"))
  }
}
