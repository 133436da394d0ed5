import Images

@testable import Stance

/// A scene that was never filmed: who is where at any time.
struct MadeUpScene: Sendable {
  var size = ImageSize(width: 640, height: 480)
  var hasScouts = true
  /// The picture's brightness, for cuts.
  var gray: @Sendable (Double) -> UInt8 = { _ in 100 }
  /// Everybody at a time, the nearest to the camera first.
  var bodies: @Sendable (Double) -> [MadeUpBody]

  /// Those who can be seen: whose hips are in the picture, and not behind somebody's body.
  func visible(at time: Double) -> [MadeUpBody] {
    bodies(time).reduce(into: []) { seen, body in
      let isInside =
        (0..<Float(size.width)).contains(body.hips.x)
        && (0..<Float(size.height)).contains(body.hips.y)
      if isInside, !seen.contains(where: { $0.distance(to: body.hips) < 0.25 * $0.size }) {
        seen.append(body)
      }
    }
  }

  func viewer(at time: Double) -> MadeUpViewer {
    MadeUpViewer(visible(at: time), size: size, hasScouts: hasScouts)
  }

  func image(at time: Double) -> Image {
    // Small: the models are made up, and only cuts are looked for in it.
    let size = ImageSize(width: 32, height: 18)
    return Image(
      size: size, bgrx: Array(repeating: gray(time), count: Image.bytesPerPixel * size.pixelCount))
  }

  /// Who a result's person is; nil for nobody of the scene.
  func who(_ person: Person, at time: Double) -> Int? {
    let hips = [LandmarkName.leftHip, .rightHip].map { person.landmarks.pixels(in: size)[$0] }
    let middle = Point<Pixels>(x: (hips[0].x + hips[1].x) / 2, y: (hips[0].y + hips[1].y) / 2)
    return visible(at: time).filter { $0.distance(to: middle) < 0.1 * $0.size }
      .min { $0.distance(to: middle) < $1.distance(to: middle) }?.who
  }
}

/// Evenly spaced frame times of a clip.
func times(_ rate: Double, from start: Double = 0, to end: Double) -> [Double] {
  (0..<Int(((end - start) * rate).rounded())).map { start + Double($0) / rate }
}
