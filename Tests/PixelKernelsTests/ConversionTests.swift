import PixelKernels
import Testing

@Suite("Conversion of pixels")
struct ConversionTests {
  private func inPlace(
    _ bytes: [UInt8], _ body: (UnsafeMutableBufferPointer<UInt8>) -> Void
  ) -> [UInt8] {
    var copy = bytes
    copy.withUnsafeMutableBufferPointer { body($0) }
    return copy
  }

  @Test("RGB becomes BGRX and back for every count of pixels", arguments: 0...9)
  func packed(count: Int) {
    let rgb = (0..<3 * count).map { UInt8(10 + 7 * $0) }
    var bgrx = [UInt8](repeating: 1, count: 4 * count)
    rgb.withUnsafeBufferPointer { source in
      bgrx.withUnsafeMutableBufferPointer { Conversion.toBGRX(rgb: source, into: $0) }
    }
    var expected: [UInt8] = []
    var reversed: [UInt8] = []
    for pixel in 0..<count {
      let colours: [UInt8] = rgb[3 * pixel..<3 * pixel + 3].reversed()
      reversed += colours
      expected += colours + [255]
    }
    #expect(bgrx == expected)
    var bgr = [UInt8](repeating: 1, count: 3 * count)
    bgrx.withUnsafeBufferPointer { source in
      bgr.withUnsafeMutableBufferPointer { Conversion.toBGR(bgrx: source, into: $0) }
    }
    #expect(bgr == reversed)
  }

  @Test("Alpha is composed on white, each value rounded to nearest")
  func compose() {
    var bgra: [UInt8] = []
    for value in 0...255 {
      for alpha in 0...255 {
        bgra += [UInt8(value), UInt8(255 - value), UInt8((value * 7) & 255), UInt8(alpha)]
      }
    }
    let composed = inPlace(bgra) { Conversion.composeOnWhite(bgra: $0) }
    let exchanged = inPlace(bgra) { Conversion.composeOnWhite(rgba: $0) }
    var wrong = 0
    for pixel in 0..<bgra.count / 4 {
      let alpha = Double(bgra[4 * pixel + 3])
      for channel in 0..<3 {
        let exact = 255 - (255 - Double(bgra[4 * pixel + channel])) * alpha / 255
        if composed[4 * pixel + channel] != UInt8(exact.rounded()) { wrong += 1 }
        if exchanged[4 * pixel + 2 - channel] != composed[4 * pixel + channel] { wrong += 1 }
      }
      if composed[4 * pixel + 3] != 255 || exchanged[4 * pixel + 3] != 255 { wrong += 1 }
    }
    #expect(wrong == 0)
  }

  @Test("Inverted inks become colours, each rounded to nearest")
  func inks() {
    var cmyk: [UInt8] = []
    for ink in 0...255 {
      for black in 0...255 {
        cmyk += [UInt8(ink), UInt8(255 - ink), UInt8((ink * 3) & 255), UInt8(black)]
      }
    }
    let bgrx = inPlace(cmyk) { Conversion.toBGRX(invertedCMYK: $0) }
    var wrong = 0
    for pixel in 0..<cmyk.count / 4 {
      for channel in 0..<3 {
        let exact = Double(cmyk[4 * pixel + channel]) * Double(cmyk[4 * pixel + 3]) / 255
        if bgrx[4 * pixel + 2 - channel] != UInt8(exact.rounded()) { wrong += 1 }
      }
      if bgrx[4 * pixel + 3] != 255 { wrong += 1 }
    }
    #expect(wrong == 0)
  }

  @Test("A quarter turn moves every pixel to its place, also beyond one block")
  func turns() {
    let (width, height) = (70, 41)
    var source: [UInt8] = []
    for pixel in 0..<width * height { source += [UInt8(pixel & 255), UInt8(pixel >> 8), 0, 255] }
    var target = [UInt8](repeating: 0, count: source.count)
    // Clockwise: the stored bottom left comes to the top left.
    let walk = Conversion.Walk(origin: width * (height - 1), right: -width, down: 1)
    source.withUnsafeBufferPointer { from in
      target.withUnsafeMutableBufferPointer {
        Conversion.turn(from, into: $0, targetWidth: height, walk: walk)
      }
    }
    var wrong = 0
    for y in 0..<width {
      for x in 0..<height {
        let from = 4 * ((height - 1 - x) * width + y)
        let to = 4 * (y * height + x)
        if source[from..<from + 4] != target[to..<to + 4] { wrong += 1 }
      }
    }
    #expect(wrong == 0)
  }
}
