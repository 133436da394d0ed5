import Files
import Foundation
import Images
import PoseFormats
import Stance
import Testing

/// People of a made-up clip: numbers that differ everywhere, with few digits.
enum MadeUpClip {
  static let size = ImageSize(width: 640, height: 480)

  static func header(
    frameRate: Double? = 25, every: Int = 1, slowMotion: Double = 1
  ) -> ResultsHeader {
    ResultsHeader(
      source: ResultsHeader.Source(file: "clips/dance.mp4", size: size, frameRate: frameRate),
      selection: ResultsHeader.Selection(every: every, slowMotion: slowMotion),
      pose: PoseOptions(), tracking: TrackingOptions(), precision: .f32)
  }

  static func person(_ id: Int?, _ frame: Int = 0, scale: Float = 1) -> Person {
    func landmarks<Frame>(_ seed: Float) -> Landmarks<Frame> {
      Landmarks(
        (0..<33).map { place in
          let number = seed + Float(place) / 64 + Float(frame) / 128
          return Landmark(
            x: number, y: number / 2 + 0.125, z: -number / 4,
            visibility: place == 20 ? 0.25 : 0.875, presence: 0.75,
            support: place == 20 ? 0 : 1)
        })
    }
    var person = Person(
      id: id, score: 0.5, presence: 0.75, confidence: 0.625,
      box: PixelBox(x: 12, y: 30.5, width: 200, height: 410),
      landmarks: landmarks(Float(id ?? 1) / 16),
      worldLandmarks: standing(scale: scale, shift: Float(frame) / 128))
    // One outside the picture, which is guessed.
    person.landmarks[.rightFootIndex].y = 1.25
    return person
  }

  /// Upright, facing the camera, 1.794 m of chain by 0.897 is 2 m of height at scale 1.
  static func standing(scale: Float, shift: Float = 0) -> Landmarks<World> {
    let heights: [LandmarkName: Float] = [
      .leftEye: 1.872, .rightEye: 1.872, .leftShoulder: 1.636, .rightShoulder: 1.636,
      .leftHip: 1.06, .rightHip: 1.06, .leftKnee: 0.57, .rightKnee: 0.57, .leftAnkle: 0.078,
      .rightAnkle: 0.078,
    ]
    return Landmarks(
      LandmarkName.allCases.map { name in
        let side: Float = name.side == .left ? 0.125 : name.side == .right ? -0.125 : 0
        let height = heights[name] ?? 1.5 + Float(name.index) / 64
        return Landmark(
          x: side * scale + shift, y: (1.06 - height) * scale, z: -0.0625 * scale,
          visibility: 0.875,
          presence: 0.75)
      })
  }

  static func frame(_ index: Int, time: Double, _ people: [Person]) -> TrackedFrame {
    TrackedFrame(
      index: index, time: time,
      result: PoseResult(
        imageSize: size, complexity: .full, search: .auto, precision: .f32, people: people,
        timing: PoseTiming()), lost: [])
  }

  /// Four frames at 25 a second: 1; nobody; 1 and 3; 3.
  static let frames = [
    frame(0, time: 0, [person(1, 0)]), frame(1, time: 0.04, []),
    frame(2, time: 0.08, [person(1, 2), person(3, 2)]), frame(3, time: 0.12, [person(3, 3)]),
  ]

  static func clip(
    _ frames: [TrackedFrame] = frames, header: ResultsHeader = header()
  ) throws -> PoseClip {
    var clip = try PoseClip(ExportSource(header))
    for frame in frames { try clip.append(frame) }
    return clip
  }

  /// As results come, one after the other.
  static func streamed(_ format: PoseFormat, _ frames: [TrackedFrame] = frames) throws -> String {
    var encoder = try #require(format.encoder(for: ExportSource(header())))
    var bytes = try encoder.begin()
    for frame in frames { bytes += try encoder.encode(.frame(frame)) }
    bytes += try encoder.end()
    return String(decoding: bytes, as: UTF8.self)
  }

  static func text(_ format: PoseFormat, _ clip: PoseClip) throws -> String {
    var bytes: [UInt8] = []
    try format.write(clip) { bytes += $0 }
    return String(decoding: bytes, as: UTF8.self)
  }
}

/// Small files that are compared byte for byte.
enum Kept {
  static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Kept")

  /// Compares; with `STANCE_KEEP` set the file is written anew, to be looked at.
  static func check(
    _ text: String, _ name: String, _ location: SourceLocation = #_sourceLocation
  ) throws {
    let file = folder.appending(path: name)
    if ProcessInfo.processInfo.environment["STANCE_KEEP"] != nil {
      try Data(text.utf8).write(to: file)
    }
    let kept = try String(decoding: Data(contentsOf: file), as: UTF8.self)
    // Not the whole text: a line is easier to read.
    let (lines, keptLines) = (text.split(separator: "\n"), kept.split(separator: "\n"))
    for (place, (line, keptLine)) in zip(lines, keptLines).enumerated() where line != keptLine {
      Issue.record(
        "\(name), line \(place + 1): \(line) is not \(keptLine)", sourceLocation: location)
      return
    }
    #expect(text == kept, "\(name)", sourceLocation: location)
  }
}
