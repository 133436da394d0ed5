import Files
import Images
import PoseFormats
import Stance
import StanceCommands
import Testing

/// `stance video` on made clips, with a made-up tracker.
enum VideoRuns {
  /// A folder of so many dark pictures, as a video.
  static func clip(
    _ frames: Int, size: ImageSize = ImageSize(width: 16, height: 12)
  ) throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    for number in 0..<frames {
      let grey = [UInt8](repeating: UInt8(number), count: 4 * size.pixelCount)
      let image = Image(size: size, bgrx: grey)
      try Files.write(try ImageEncoder.encode(image, as: .png), to: "\(folder.path)/\(number).png")
    }
    return folder
  }

  static func run(
    _ arguments: [String], _ tracker: FakeTracker = FakeTracker(), showsProgress: Bool = false,
    interrupts: Interrupts = .none, output: MemorySink = MemorySink(),
    onMake: @escaping @Sendable (PoseOptions, TrackingOptions) -> Void = { _, _ in }
  ) -> Run {
    let errors = MemorySink()
    let program = Program(
      console: Console(
        output: output, errors: errors, showsProgress: showsProgress, interrupts: interrupts),
      makeTracker: { pose, tracking, _ in
        onMake(pose, tracking)
        return tracker
      })
    return Run(status: program.run(["video"] + arguments), output: output, errors: errors)
  }

  static func lines(_ run: Run) throws -> [ResultsLine] {
    try run.output.lines.map { try ResultsLine($0.utf8) }
  }

  static func frames(_ run: Run) throws -> [TrackedFrame] {
    try lines(run).compactMap { if case .frame(let frame) = $0 { frame } else { nil } }
  }
}
