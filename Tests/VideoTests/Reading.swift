import Images
import Video

/// All that a reader gives: the frames, and the error after them.
struct ReadVideo {
  var info: VideoInfo
  var frames: [VideoFrame] = []
  var error: VideoError?

  init(_ path: String, _ options: VideoReadingOptions = VideoReadingOptions()) throws {
    let reader = try VideoReader(.path(path), options: options)
    info = reader.info
    do {
      while let frame = try reader.next() { frames.append(frame) }
    } catch let failure as VideoError {
      error = failure
    }
  }

  var ticks: [Int64] { frames.map(\.ticks) }
  var times: [Double] { frames.map(\.time) }
  var indices: [Int] { frames.map(\.index) }
}

extension Image {
  /// Blue, green and red at a place.
  func color(x: Int, y: Int) -> [Int] {
    withPixels { pixels in (0..<3).map { Int(pixels[4 * (y * width + x) + $0]) } }
  }

  /// The name of the nearest of the colours of ``MadeClip/quarters``.
  func name(x: Int, y: Int) -> String {
    let color = color(x: x, y: y)
    let names = [
      "red": [0, 0, 255], "green": [0, 255, 0], "blue": [255, 0, 0], "white": [255, 255, 255],
    ]
    func distance(_ other: [Int]) -> Int { zip(color, other).map { abs($0 - $1) }.reduce(0, +) }
    return names.min { distance($0.value) < distance($1.value) }?.key ?? ""
  }

  /// The names in the four corners, in reading order.
  var corners: [String] {
    let (right, bottom) = (width * 3 / 4, height * 3 / 4)
    return [(width / 4, height / 4), (right, height / 4), (width / 4, bottom), (right, bottom)]
      .map { name(x: $0.0, y: $0.1) }
  }

  /// The mean difference of a colour value from another picture's, of the same size, over a part of all.
  func difference(from other: Image) -> Double {
    withPixels { mine in
      other.withPixels { theirs in
        let places = stride(from: 0, to: mine.count, by: 29)
        let sum = places.reduce(0) { $0 + abs(Int(mine[$1]) - Int(theirs[$1])) }
        return 29 * Double(sum) / Double(mine.count)
      }
    }
  }
}
