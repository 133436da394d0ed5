import Images

/// A JPEG of one colour written by hand, of kinds that encoders seldom write.
struct HandmadeJPEG {
  /// Blocks of luma, Cb and Cr in a unit: across and down.
  var sampling = [(2, 2), (1, 1), (1, 1)]
  var size = ImageSize(width: 40, height: 40)
  /// Units between restart markers; 0 for none.
  var restartInterval = 0
  /// The number of the n-th restart marker.
  var restart: (Int) -> Int = { $0 % 8 }

  /// What every pixel comes to, about: blue, green, red.
  static let colour = [75, 195, 218]

  /// The tables of our own encoder: those of T.81, annex K, at quality 50.
  private static func tables() throws -> [UInt8] {
    let jpeg = try ImageEncoder.encode(.gradient(width: 16, height: 16), as: .jpeg, quality: 50)
    return segments(jpeg).filter { [0xdb, 0xc4].contains($0[1]) }.flatMap { $0 }
  }

  /// One component: across and down, tables, and the code of its only difference that is not zero (Y 30, Cb -30, Cr 10).
  private var first: [String] {
    ["11011110" + "1010", "11110" + "00001" + "00", "1110" + "1010" + "00"]
  }
  private var others: [String] { ["00" + "1010", "00" + "00", "00" + "00"] }

  private func frame(_ marker: UInt8) -> [UInt8] {
    var body: [UInt8] = [8] + big(size.height, 2) + big(size.width, 2) + [3]
    for (index, (across, down)) in sampling.enumerated() {
      body += [UInt8(index + 1), UInt8(across << 4 | down), index == 0 ? 0 : 1]
    }
    return segment(marker, body)
  }

  /// Baseline, all in one scan.
  func encoded() throws -> [UInt8] {
    let across = sampling.map(\.0).max() ?? 1
    let down = sampling.map(\.1).max() ?? 1
    let units =
      ((size.width + 8 * across - 1) / (8 * across)) * ((size.height + 8 * down - 1) / (8 * down))
    var scan: [UInt8] = []
    var bits = ""
    var isFirst = true
    for unit in 0..<units {
      if restartInterval > 0, unit > 0, unit % restartInterval == 0 {
        scan += Self.packed(bits) + [0xff, 0xd0 + UInt8(restart(unit / restartInterval - 1))]
        bits = ""
        isFirst = true
      }
      for component in 0..<3 {
        for block in 0..<(sampling[component].0 * sampling[component].1) {
          bits += isFirst && block == 0 ? first[component] : others[component]
        }
      }
      isFirst = false
    }
    scan += Self.packed(bits)
    let interval = restartInterval == 0 ? [] : segment(0xdd, big(restartInterval, 2))
    return [0xff, 0xd8] + (try Self.tables()) + frame(0xc0) + interval
      + segment(0xda, [3, 1, 0, 2, 0x11, 3, 0x11, 0, 63, 0]) + scan + [0xff, 0xd9]
  }

  /// Progressive: one scan of the first coefficients, then so many of the others of luma, one as empty as the next.
  func encoded(scans: Int) throws -> [UInt8] {
    let blocks = ((size.width + 7) / 8) * ((size.height + 7) / 8)
    var bits = ""
    for block in 0..<blocks {
      bits += block == 0 ? "11011110" + "11110" + "00001" + "11101010" : "000000"
    }
    let start = segment(0xda, [3, 1, 0, 2, 0x10, 3, 0x10, 0, 0, 0]) + Self.packed(bits)
    let other =
      segment(0xda, [1, 1, 0, 1, 63, 0]) + Self.packed(String(repeating: "1010", count: blocks))
    return [0xff, 0xd8] + (try Self.tables()) + frame(0xc2) + start
      + (0..<scans).flatMap { _ in other } + [0xff, 0xd9]
  }

  private static func packed(_ bits: String) -> [UInt8] {
    let filled =
      Array(bits.utf8.map { $0 - 48 }) + [UInt8](repeating: 1, count: (8 - bits.utf8.count % 8) % 8)
    return stride(from: 0, to: filled.count, by: 8).flatMap { start -> [UInt8] in
      let byte = filled[start..<start + 8].reduce(0) { $0 << 1 | $1 }
      return byte == 0xff ? [0xff, 0] : [byte]
    }
  }
}

/// A JPEG's segment.
func segment(_ marker: UInt8, _ body: [UInt8]) -> [UInt8] {
  [0xff, marker] + big(body.count + 2, 2) + body
}

/// The segments of a tidy JPEG up to its first scan's header, that included, without the start marker.
func segments(_ jpeg: [UInt8]) -> [[UInt8]] {
  var found: [[UInt8]] = []
  var rest = jpeg.dropFirst(2)
  while found.last?[1] != 0xda {
    let length = 2 + rest.dropFirst(2).prefix(2).reduce(0) { $0 << 8 | Int($1) }
    found.append(Array(rest.prefix(length)))
    rest = rest.dropFirst(length)
  }
  return found
}
