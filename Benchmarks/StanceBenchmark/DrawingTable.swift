import Images
import PoseRendering
import Stance

/// What drawing a frame of a clip takes, as a table: made-up people who sway, on a picture of noise.
struct DrawingTable {
  private static let frames = 150
  /// Until trails are as long as they get.
  private static let warmUp = 50

  private struct Way {
    var name: String
    var style = DrawingStyle()
    var showsTrails = false
  }

  private static let ways = [
    Way(name: "skeletons"), Way(name: "with trails", showsTrails: true),
    Way(name: "with a colour behind", style: DrawingStyle(background: .color(.white))),
    Way(name: "with a blur behind", style: DrawingStyle(background: .blur)),
  ]

  func write() throws {
    print("| size | people | " + Self.ways.map(\.name).joined(separator: " | ") + " |")
    print("| --- | --- |" + String(repeating: " --- |", count: Self.ways.count))
    for size in [ImageSize(width: 640, height: 360), ImageSize(width: 1280, height: 720)] {
      for count in [1, 5] {
        let times = try Self.ways.map { try measure($0, count, size) }
        let cells = times.map { "\((100 * $0).rounded() / 100)" }.joined(separator: " | ")
        print("| \(size) | \(count) | \(cells) |")
      }
    }
  }

  /// The median in milliseconds of the processor.
  private func measure(_ way: Way, _ count: Int, _ size: ImageSize) throws -> Double {
    var renderer = ClipRenderer(style: way.style, showsTrails: way.showsTrails)
    let noise = (0..<Image.bytesPerPixel * size.pixelCount).map { UInt8($0 / 4 * 7919 >> 4 & 127) }
    var times: [Double] = []
    for index in 0..<Self.frames {
      let frame = TrackedFrame(
        index: index, time: Double(index) / 30,
        result: PoseResult(
          imageSize: size, complexity: .full, search: .auto, precision: .f32,
          people: (1...count).map { person($0, of: count, at: index, size) },
          timing: PoseTiming()), lost: [])
      // A copy with bytes of its own, as a reader gives.
      var image = Image(size: size, bgrx: noise.map { $0 })
      // The processor's time, since all is done by this thread: other work on the machine counts less.
      let start = processorMilliseconds()
      try renderer.draw(frame, on: &image)
      if index >= Self.warmUp { times.append(processorMilliseconds() - start) }
    }
    return times.median
  }

  /// Somebody 1.7 m tall, upright, who sways by up to 60 pixels.
  private func person(_ id: Int, of count: Int, at index: Int, _ size: ImageSize) -> Person {
    let height = Float(size.height) * (count == 1 ? 0.8 : 0.6)
    let x = Float(size.width) * (Float(id) - 0.5) / Float(count) + Float(index % 60)
    let y = Float(size.height) / 2
    // Of the 33 landmarks, up to which one lies how far above or below the middle, in body heights.
    let rows: [(end: Int, place: Float)] = [
      (11, -0.42), (13, -0.3), (15, -0.12), (23, 0.02), (25, 0.05), (27, 0.28), (33, 0.48),
    ]
    let places = (0..<LandmarkName.count).map { landmark -> (x: Float, y: Float) in
      let side: Float = landmark % 2 == 0 ? -1 : 1
      let row = rows.first { landmark < $0.end }?.place ?? 0
      return (side * (landmark < 11 ? 0.04 : 0.12), row + 0.02 * Float((index + landmark) % 9))
    }
    let mask = (0..<size.pixelCount).map { pixel -> UInt8 in
      let (column, row) = (Float(pixel % size.width), Float(pixel / size.width))
      let distance = max(abs(column - x) / (0.15 * height), abs(row - y) / (0.5 * height))
      return UInt8(255 * min(1, max(0, 10 * (1 - distance))))
    }
    return Person(
      id: id, score: nil, presence: 1, confidence: 1,
      box: PixelBox(x: x, y: y, width: 1, height: 1),
      landmarks: Landmarks(
        places.map {
          Landmark(
            x: (x + $0.x * height) / Float(size.width), y: (y + $0.y * height) / Float(size.height),
            z: 0, visibility: 1, presence: 1)
        }),
      worldLandmarks: Landmarks(
        places.map { Landmark(x: 1.7 * $0.x, y: 1.7 * $0.y, z: 0, visibility: 1, presence: 1) }),
      mask: Mask(size: size, values: mask))
  }
}
