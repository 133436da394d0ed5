import Stance
import Testing

@testable import PoseFormats

@Suite("C3D")
struct C3DTests {
  @Test("the parameters are, byte for byte, records of groups and values in blocks of 512")
  func parameters() {
    var parameters = C3DParameters()
    parameters.add("AB", "N", words: [0x1234])
    parameters.add("AB", "F", floats: [1, -2])
    parameters.add("C", "T", texts: ["x", "yz"])
    var wanted: [UInt8] = [1, 0x50, 1, 84]
    wanted += [2, 0xFF, 0x41, 0x42, 3, 0, 0]  // The group AB, number 1.
    wanted += [1, 1, 0x4E, 7, 0, 2, 0, 0x34, 0x12, 0]
    wanted += [1, 1, 0x46, 14, 0, 4, 1, 2, 0, 0, 0x80, 0x3F, 0, 0, 0, 0xC0, 0]
    wanted += [1, 0xFE, 0x43, 3, 0, 0]  // The group C, number 2.
    wanted += [1, 2, 0x54, 11, 0, 0xFF, 2, 2, 2, 0x78, 0x20, 0x79, 0x7A, 0]
    wanted += [UInt8](repeating: 0, count: 512 - wanted.count)
    #expect(parameters.bytes == wanted)
  }

  @Test(
    "header and parameters agree, points are millimetres with y up, and who is missing has residual -1"
  )
  func points() throws {
    let bodies = [MadeBody(), MadeBody(raise: 40)]
    let file = try C3DReading(
      try PoseClip.made([[1: bodies[0]], [1: bodies[1], 4: bodies[0]], [:]]).bytes(.c3d))
    #expect(file.word(1) == 66 && file.words["POINT:USED"] == [66])
    #expect(file.word(3) == 1 && file.word(4) == 3 && file.words["POINT:FRAMES"] == [3])
    #expect(file.float(10) == 25 && file.floats["POINT:RATE"] == [25])
    #expect(file.float(6) < 0 && file.floats["POINT:SCALE"] == [file.float(6)])
    #expect(file.word(8) == file.words["POINT:DATA_START"]?[0])
    #expect(file.texts["POINT:UNITS"] == ["mm"] && file.words["ANALOG:USED"] == [0])
    #expect(file.texts["POINT:X_SCREEN"] == ["+X"] && file.texts["POINT:Y_SCREEN"] == ["+Y"])
    let labels = try #require(file.texts["POINT:LABELS"])
    #expect(
      labels.count == 66 && labels[0] == "person1:nose" && labels[65] == "person4:rightFootIndex")
    for (frame, bodies) in [[bodies[0], nil], [bodies[1], bodies[0]], [nil, nil]].enumerated() {
      for (person, body) in bodies.enumerated() {
        for name in LandmarkName.allCases {
          let point = file.point(person * 33 + name.index, in: frame)
          if let wanted = body?.points[name] {
            #expect(distance(SIMD3<Double>(SIMD3(point.x, point.y, point.z)), wanted * 1000) < 1e-3)
            #expect(point.w == 0)
          } else {
            #expect(point == SIMD4(0, 0, 0, -1))
          }
        }
      }
    }
    #expect(file.bytes.count.isMultiple(of: 512))
  }

  @Test("one person's points have no prefix, and a frame that is left out is a gap")
  func grid() throws {
    var clip = try PoseClip(ExportSource(name: "made"))
    let whole = try PoseClip.made((0..<10).map { _ in [2: MadeBody()] })
    for frame in 0..<10 where frame != 4 { try clip.append(whole.frame(frame)) }
    let file = try C3DReading(try clip.bytes(.c3d))
    #expect(file.texts["POINT:LABELS"]?.first == "nose" && file.word(4) == 10)
    #expect((0..<10).map { file.point(0, in: $0).w } == [0, 0, 0, 0, -1, 0, 0, 0, 0, 0])
  }

  @Test("the scale makes the largest coordinate 32,000")
  func scale() throws {
    let file = try C3DReading(try PoseClip.made([[1: MadeBody()]]).bytes(.c3d))
    let largest = LandmarkName.allCases.map { name in
      let point = file.point(name.index, in: 0)
      return max(abs(point.x), abs(point.y), abs(point.z))
    }.max()
    let steps = try #require(largest) / -file.float(6)
    #expect(abs(steps - 32_000) < 1)
  }

  @Test(
    "more than 65,535 frames are told by the group TRIAL", arguments: [65_535, 65_536, 200_000])
  func manyFrames(_ count: Int) throws {
    let layout = C3DLayout(labels: ["a"], rate: 60, frameCount: count, largest: 1000)
    let file = try C3DReading(try layout.start())
    #expect(file.word(4) == 65_535 && file.words["POINT:FRAMES"] == [65_535])
    let end = try #require(file.words["TRIAL:ACTUAL_END_FIELD"])
    #expect(end[0] + end[1] << 16 == count && file.words["TRIAL:ACTUAL_START_FIELD"] == [1, 0])
  }

  @Test("more than 255 labels go on in further parameters")
  func manyLabels() throws {
    let frames = [Dictionary(uniqueKeysWithValues: (1...20).map { ($0, MadeBody()) })]
    let file = try C3DReading(try PoseClip.made(frames).bytes(.c3d))
    #expect(file.words["POINT:USED"] == [660])
    let labels = ["", "2", "3"].map { file.texts["POINT:LABELS\($0)"] ?? [] }
    #expect(labels.map(\.count) == [255, 255, 150])
    #expect(labels[2].last == "person20:rightFootIndex")
    #expect(file.point(659, in: 0).w == 0)
  }

  @Test("more people than the parameters can name are refused, and the numbers are said")
  func tooMany() throws {
    let labels = (0..<200 * 33).map { "person\($0 / 33):rightFootIndex" }
    let layout = C3DLayout(labels: labels, rate: 60, frameCount: 1, largest: 1)
    #expect(throws: PoseFormatError.self) { try layout.start() }
  }

  @Test("an empty clip is a whole file without frames")
  func empty() throws {
    for clip in [try PoseClip.made([]), try PoseClip.made([[:]])] {
      let file = try C3DReading(try clip.bytes(.c3d))
      #expect(file.words["POINT:USED"] == [0] && file.texts["POINT:LABELS"] == [])
      #expect(file.bytes.count == (file.word(8) - 1) * 512)
    }
  }
}

/// A C3D file as the user guide has it; words are counted from 0.
private struct C3DReading {
  let bytes: [UInt8]
  private(set) var words: [String: [Int]] = [:]
  private(set) var floats: [String: [Float]] = [:]
  private(set) var texts: [String: [String]] = [:]

  init(_ bytes: [UInt8]) throws {
    self.bytes = bytes
    try #require(bytes.count >= 1024 && bytes[0] == 2 && bytes[1] == 0x50)
    let (start, blocks) = (512, Int(bytes[514]))
    try #require(bytes[515] == 84 && word(8) == 2 + blocks)
    var place = start + 4
    var groups: [Int: String] = [:]
    while bytes[place] != 0 {
      let length = Int(bytes[place])
      let number = Int(Int8(bitPattern: bytes[place + 1]))
      let name = String(decoding: bytes[(place + 2)..<(place + 2 + length)], as: UTF8.self)
      let offset = place + 2 + length
      let next = offset + Int(bytes[offset]) + Int(bytes[offset + 1]) << 8
      if number < 0 {
        groups[-number] = name
      } else {
        let full = "\(try #require(groups[number])):\(name)"
        let type = Int8(bitPattern: bytes[offset + 2])
        let dimensions = bytes[(offset + 4)..<(offset + 4 + Int(bytes[offset + 3]))].map { Int($0) }
        let first = offset + 4 + dimensions.count
        let count = dimensions.reduce(1, *)
        try #require(first + count * Int(abs(type)) + 1 == next, "\(full)")
        switch type {
        case 2:
          words[full] = (0..<count).map {
            Int(bytes[first + 2 * $0]) + Int(bytes[first + 2 * $0 + 1]) << 8
          }
        case 4: floats[full] = (0..<count).map { float(at: first + 4 * $0) }
        default:
          let width = dimensions[0]
          texts[full] = (0..<(dimensions.count > 1 ? dimensions[1] : 1)).map {
            String(
              decoding: bytes[(first + $0 * width)..<(first + ($0 + 1) * width)], as: UTF8.self
            )
            .trimmingSuffix { $0 == " " }
          }
        }
      }
      place = next
    }
    try #require(place < start + blocks * 512)
  }

  func word(_ number: Int) -> Int { Int(bytes[2 * number]) + Int(bytes[2 * number + 1]) << 8 }
  func float(_ word: Int) -> Float { float(at: 2 * word) }

  private func float(at place: Int) -> Float {
    Float(bitPattern: (0..<4).reduce(UInt32(0)) { $0 | UInt32(bytes[place + $1]) << (8 * $1) })
  }

  func point(_ number: Int, in frame: Int) -> SIMD4<Float> {
    let first = (word(8) - 1) * 512 + (frame * word(1) + number) * 16
    return SIMD4(
      float(at: first), float(at: first + 4), float(at: first + 8), float(at: first + 12))
  }
}

extension String {
  fileprivate func trimmingSuffix(_ isLeftOut: (Character) -> Bool) -> String {
    var text = self
    while let last = text.last, isLeftOut(last) { text.removeLast() }
    return text
  }
}
