/// A TIFF made by hand: one directory, its longer values and its data.
struct MadeTIFF {
  /// Tag, type (3 for 2 bytes, 4 for 4 bytes, 7 for bytes) and values.
  var entries: [Int: (type: Int, values: [Int])] = [:]
  /// The strips or tiles.
  var parts: [[UInt8]]
  var isTiled = false
  /// The layout of BigTIFF.
  var isBig = false
  var isLittleEndian = true

  /// Of these sides, samples a pixel and bits a sample, RGB or grey, not compressed, in one part.
  init(
    _ width: Int, _ height: Int, samples: Int = 3, bits: Int = 8, photometric: Int? = nil,
    compression: Int = 1, parts: [[UInt8]]
  ) {
    self.parts = parts
    entries = [
      256: (4, [width]), 257: (4, [height]),
      258: (3, [Int](repeating: bits, count: samples)), 259: (3, [compression]),
      262: (3, [photometric ?? (samples == 1 ? 1 : 2)]), 277: (3, [samples]),
      278: (4, [(height + parts.count - 1) / parts.count]),
    ]
  }

  var bytes: [UInt8] {
    let number = isBig ? 8 : 4
    var file = Array((isLittleEndian ? "II" : "MM").utf8) + write(isBig ? 43 : 42, 2)
    if isBig { file += write(8, 2) + write(0, 2) }
    let placeOfDirectory = file.count
    file += write(0, number)
    var all = entries
    let tags = isTiled ? (324, 325) : (273, 279)
    var offsets: [Int] = []
    for part in parts {
      offsets.append(file.count)
      file += part
      if file.count % 2 == 1 { file.append(0) }
    }
    all[tags.0] = (4, offsets)
    all[tags.1] = (4, parts.map(\.count))
    if isTiled { all[278] = nil }

    var directory: [UInt8] = []
    for (tag, entry) in all.sorted(by: { $0.key < $1.key }) {
      let width = [3: 2, 4: 4, 7: 1][entry.type] ?? 1
      var content = entry.values.flatMap { write($0, width) }
      if content.count > number {
        let place = file.count
        file += content
        if file.count % 2 == 1 { file.append(0) }
        content = write(place, number)
      }
      content += [UInt8](repeating: 0, count: number - content.count)
      directory += write(tag, 2) + write(entry.type, 2) + write(entry.values.count, number)
      directory += content
    }
    let place = write(file.count, number)
    file.replaceSubrange(placeOfDirectory..<placeOfDirectory + number, with: place)
    return file + write(all.count, isBig ? 8 : 2) + directory + write(0, number)
  }

  private func write(_ value: Int, _ width: Int) -> [UInt8] {
    isLittleEndian ? little(value, width) : big(value, width)
  }
}

/// A GIF made by hand: 256 greys or two colours, pixels in codes of nine bits that repeat nothing.
struct MadeGIF {
  var screen: (width: Int, height: Int)
  var frames: [Frame]
  /// What stands between the last frame and the end.
  var beforeTrailer: [UInt8] = []

  struct Frame {
    var left = 0
    var top = 0
    var width: Int
    var height: Int
    var isInterlaced = false
    /// The number of the colour that shows nothing.
    var transparent: Int?
    /// Numbers of greys, in the order in which rows are stored.
    var pixels: [UInt8]
    /// How often `pixels` come: more than once only in multiples of 1600, after which codes begin anew at a whole byte.
    var repeats = 1
  }

  var bytes: [UInt8] {
    var file = Array("GIF89a".utf8) + little(screen.width, 2) + little(screen.height, 2)
    file += [0xf7, 0, 0] + (0..<256).flatMap { [UInt8](repeating: UInt8($0), count: 3) }
    for frame in frames {
      if let transparent = frame.transparent {
        file += [0x21, 0xf9, 4, 1, 0, 0, UInt8(transparent), 0]
      }
      file += [0x2c] + little(frame.left, 2) + little(frame.top, 2)
      file += little(frame.width, 2) + little(frame.height, 2) + [frame.isInterlaced ? 0x40 : 0, 8]
      let data = Self.codes(frame)
      for start in stride(from: 0, to: data.count, by: 255) {
        let block = data[start..<min(start + 255, data.count)]
        file += [UInt8(block.count)] + block
      }
      file.append(0)
    }
    return file + beforeTrailer + [0x3b]
  }

  /// The code 256 starts anew, before codes need ten bits; 257 ends.
  private static func codes(_ frame: Frame) -> [UInt8] {
    var bytes: [UInt8] = []
    var (bits, count) = (0, 0)
    func put(_ code: Int) {
      bits |= code << count
      count += 9
      while count >= 8 {
        bytes.append(UInt8(truncatingIfNeeded: bits))
        bits >>= 8
        count -= 8
      }
    }
    for (index, pixel) in frame.pixels.enumerated() {
      if index % 200 == 0 { put(256) }
      put(Int(pixel))
    }
    if frame.repeats > 1 {
      bytes = [[UInt8]](repeating: bytes, count: frame.repeats).flatMap(\.self)
    }
    put(257)
    if count > 0 { bytes.append(UInt8(truncatingIfNeeded: bits)) }
    return bytes
  }
}

/// Data that a decoder unpacks, made without packing.
enum Unpacked {
  /// Compression 8: zlib's stored blocks.
  static func deflate(_ bytes: [UInt8]) -> [UInt8] {
    var result: [UInt8] = [0x78, 1]
    for start in stride(from: 0, to: bytes.count, by: 65_535) {
      let block = bytes[start..<min(start + 65_535, bytes.count)]
      result.append(start + block.count == bytes.count ? 1 : 0)
      result += little(block.count, 2) + little(~block.count, 2) + block
    }
    var (a, b) = (1, 0)
    for byte in bytes {
      a = (a + Int(byte)) % 65_521
      b = (b + a) % 65_521
    }
    return result + big(b << 16 | a, 4)
  }

  /// Compression 50000: a frame of Zstandard with one raw block, for less than 128 kB.
  static func zstandard(_ bytes: [UInt8]) -> [UInt8] {
    // One segment, its size in four bytes; the block is the last and raw.
    [0x28, 0xb5, 0x2f, 0xfd, 0xa0] + little(bytes.count, 4) + little(bytes.count << 3 | 1, 3)
      + bytes
  }

  /// Compression 34925: xz with LZMA2's plain chunk, for less than 64 kB.
  static func lzma(_ bytes: [UInt8]) -> [UInt8] {
    func padded(_ bytes: [UInt8]) -> [UInt8] {
      bytes + [UInt8](repeating: 0, count: (4 - bytes.count % 4) % 4)
    }
    func number(_ value: Int) -> [UInt8] {
      var (rest, result) = (value, [UInt8]())
      while rest >= 0x80 {
        result.append(UInt8(rest & 0x7f) | 0x80)
        rest >>= 7
      }
      return result + [UInt8(rest)]
    }
    func checked(_ bytes: [UInt8]) -> [UInt8] { bytes + little(Int(crc32(bytes)), 4) }
    let flags: [UInt8] = [0, 1]
    let head = [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0] + checked(flags).dropFirst(0)
    // Its size in words, no flags, the filter LZMA2 with a dictionary of 1 MiB, padding.
    let block = checked([2, 0, 0x21, 1, 16, 0, 0, 0])
    let data = [1] + big(bytes.count - 1, 2) + bytes + [0]
    let index = checked(
      padded([0, 1] + number(block.count + data.count + 4) + number(bytes.count)))
    let foot = little(index.count / 4 - 1, 4) + flags
    return head + block + padded(data) + little(Int(crc32(bytes)), 4) + index
      + little(Int(crc32(foot)), 4) + foot + Array("YZ".utf8)
  }

  /// Compression 5: TIFF's LZW, most significant bit first.
  static func lzw(_ bytes: [UInt8]) -> [UInt8] {
    var result: [UInt8] = []
    var (bits, count) = (0, 0)
    func put(_ code: Int) {
      bits = bits << 9 | code
      count += 9
      while count >= 8 {
        count -= 8
        result.append(UInt8(truncatingIfNeeded: bits >> count))
        bits &= (1 << count) - 1
      }
    }
    for (index, byte) in bytes.enumerated() {
      if index % 200 == 0 { put(256) }
      put(Int(byte))
    }
    put(257)
    if count > 0 { result.append(UInt8(truncatingIfNeeded: bits << (8 - count))) }
    return result
  }

  /// Compression 32773: PackBits.
  static func packBits(_ bytes: [UInt8]) -> [UInt8] {
    stride(from: 0, to: bytes.count, by: 128).flatMap { start in
      let run = bytes[start..<min(start + 128, bytes.count)]
      return [UInt8(run.count - 1)] + run
    }
  }
}
