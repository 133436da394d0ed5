/// All of a C3D file but the points.
///
/// The C3D user guide (https://www.c3d.org): a header of one block of 512 bytes, the parameters, then each frame's points as
/// four floats: x, y, z, and a residual, which is -1 where there is no point.
struct C3DLayout {
  var labels: [String]
  /// Frames a second.
  var rate: Double
  var frameCount: Int
  /// The largest coordinate, in millimetres.
  var largest: Float

  /// The guide: one parameter holds at most 255 labels; more go to `LABELS2` and so on.
  private static let mostLabels = 255
  /// Words of the header and `POINT:FRAMES` hold no more; "Maintaining C3D frame count compatibility" says what to do.
  private static let mostFrames = 65_535

  /// Header and parameters.
  ///
  /// - Throws: `PoseFormatError` with `.unsuitable` when the labels take more than the parameters may.
  func start() throws(PoseFormatError) -> [UInt8] {
    let parameters = parameters(dataStart: 0)
    let blocks = parameters.blockCount
    guard blocks <= C3DParameters.mostBlocks else {
      throw PoseFormatError(
        code: .unsuitable,
        message:
          "\(labels.count) points have no room in one C3D file: their names and the other parameters take \(blocks) blocks of 512 bytes, and \(C3DParameters.mostBlocks) is the most"
      )
    }
    return header(dataStart: blocks + 2) + self.parameters(dataStart: blocks + 2).bytes
  }

  /// One frame's points, each of millimetres; nil where there is none.
  static func frame(_ points: some Sequence<SIMD3<Float>?>) -> [UInt8] {
    var bytes: [UInt8] = []
    for point in points {
      for number in [point?.x ?? 0, point?.y ?? 0, point?.z ?? 0] {
        bytes.append(littleEndian: number)
      }
      // 0 says, of a point that is there, that it was computed rather than measured.
      bytes.append(littleEndian: point == nil ? -1 : 0 as Float)
    }
    return bytes
  }

  /// The zeros that fill the last block.
  var padding: Int {
    let count = labels.count * frameCount * 16
    return (count + 511) / 512 * 512 - count
  }

  /// Negative says that points are floats; the size is what makes the largest coordinate 32,000 when a program turns them
  /// into integers ("3D data - floating-point format").
  private var scale: Float { -max(largest, 1) / 32_000 }

  private func header(dataStart: Int) -> [UInt8] {
    var bytes: [UInt8] = [2, 0x50]  // The parameters begin with the second block.
    for word in [labels.count, 0, min(1, frameCount), min(frameCount, Self.mostFrames), 0] {
      bytes.append(littleEndian: UInt16(clamping: word))
    }
    bytes.append(littleEndian: scale)
    bytes.append(littleEndian: UInt16(dataStart))
    bytes.append(littleEndian: 0 as UInt16)
    bytes.append(littleEndian: Float(rate))
    bytes.pad(to: 512)
    return bytes
  }

  private func parameters(dataStart: Int) -> C3DParameters {
    var parameters = C3DParameters()
    parameters.add("POINT", "USED", words: [UInt16(clamping: labels.count)])
    parameters.add("POINT", "SCALE", floats: [scale])
    parameters.add("POINT", "RATE", floats: [Float(rate)])
    parameters.add("POINT", "DATA_START", words: [UInt16(dataStart)])
    parameters.add("POINT", "FRAMES", words: [UInt16(clamping: frameCount)])
    var (rest, suffix) = (labels[...], "")
    repeat {
      let some = Array(rest.prefix(Self.mostLabels))
      rest = rest.dropFirst(Self.mostLabels)
      parameters.add("POINT", "LABELS\(suffix)", texts: some)
      parameters.add("POINT", "DESCRIPTIONS\(suffix)", texts: some.map { _ in "" })
      suffix = "\((Int(suffix) ?? 1) + 1)"
    } while !rest.isEmpty
    parameters.add("POINT", "UNITS", text: "mm")
    parameters.add("POINT", "X_SCREEN", text: "+X")
    parameters.add("POINT", "Y_SCREEN", text: "+Y")
    // Readers fail without a group of analog channels, even if there are none.
    parameters.add("ANALOG", "USED", words: [0])
    parameters.add("ANALOG", "LABELS", texts: [])
    parameters.add("ANALOG", "DESCRIPTIONS", texts: [])
    parameters.add("ANALOG", "GEN_SCALE", floats: [1])
    parameters.add("ANALOG", "SCALE", floats: [])
    parameters.add("ANALOG", "OFFSET", words: [])
    parameters.add("ANALOG", "UNITS", texts: [])
    // Not the points' rate: that, by the points' rate, is how many samples a frame has, and the header says 0.
    parameters.add("ANALOG", "RATE", floats: [0])
    // The number of the last frame in two words, the lower first: the one place for more than 65,535 that readers know.
    parameters.add("TRIAL", "ACTUAL_START_FIELD", words: [1, 0])
    parameters.add(
      "TRIAL", "ACTUAL_END_FIELD",
      words: [UInt16(truncatingIfNeeded: frameCount), UInt16(clamping: frameCount >> 16)])
    parameters.add("MANUFACTURER", "SOFTWARE", text: "Stance")
    return parameters
  }
}
