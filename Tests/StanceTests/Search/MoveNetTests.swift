import Images
import Inference
import TestSupport
import Testing

@testable import Stance

@Suite("MoveNet")
struct MoveNetTests {
  /// Maps of an input of 192 × 128 pixels: 48 columns, 32 rows.
  private struct Maps {
    static let (columns, rows) = (48, 32)
    var center = [Float](repeating: 0, count: columns * rows)
    var offset = [Float](repeating: 0, count: 2 * columns * rows)
    var size = [Float](repeating: 0, count: 2 * columns * rows)
    var reach = [Float](repeating: 0, count: 34 * columns * rows)
    var joints = [Float](repeating: 0, count: 17 * columns * rows)
    var jointOffset = [Float](repeating: 0, count: 34 * columns * rows)

    static func cell(x: Int, y: Int) -> Int { y * columns + x }

    /// Puts a body of 8 × 16 cells round a centre, all its joints thought to be there.
    mutating func put(x: Int, y: Int, score: Float) {
      let cell = Self.cell(x: x, y: y)
      center[cell] = score
      (size[2 * cell], size[2 * cell + 1]) = (16, 8)
    }

    func bodies(minScore: Float = 0.1) throws -> [ScoutedBody] {
      try center.withUnsafeBufferPointer { center in
        try offset.withUnsafeBufferPointer { offset in
          try size.withUnsafeBufferPointer { size in
            try reach.withUnsafeBufferPointer { reach in
              try joints.withUnsafeBufferPointer { joints in
                try jointOffset.withUnsafeBufferPointer { jointOffset in
                  let maps = MoveNetMaps(
                    center: center, offset: offset, size: size, reach: reach, joints: joints,
                    jointOffset: jointOffset, width: 4 * Self.columns, height: 4 * Self.rows)
                  return try #require(maps).bodies(minScore: minScore) { ($0, $1) }
                }
              }
            }
          }
        }
      }
    }
  }

  @Test("a joint is where its map is highest near the place that the centre gives, inside the box")
  func joints() throws {
    var maps = Maps()
    maps.put(x: 20, y: 16, score: 0.8)
    let center = Maps.cell(x: 20, y: 16)
    // The right ankle, the last joint, should be 2 columns to the right and 4 rows below.
    (maps.reach[2 * (17 * center + 16)], maps.reach[2 * (17 * center + 16) + 1]) = (4, 2)
    let cell = Maps.cell(x: 22, y: 20)
    maps.joints[17 * cell + 16] = 0.5
    (maps.jointOffset[2 * (17 * cell + 16)], maps.jointOffset[2 * (17 * cell + 16) + 1]) = (
      0.25, 0.75
    )
    // Higher, but the one 5 cells away and the other outside the box.
    maps.joints[17 * Maps.cell(x: 17, y: 20) + 16] = 0.6
    maps.joints[17 * Maps.cell(x: 25, y: 20) + 16] = 1
    let body = try #require(try maps.bodies().first)
    let ankle = body.joints[16]
    #expect(body.joints.count == 17)
    #expect((ankle.x, ankle.y, ankle.score) == (4 * 22.75, 4 * 20.25, 0.5))
    #expect(body.joints[..<16].allSatisfy { $0.score == 0 })
    // Of the joints that can be told there is one.
    #expect(abs(body.score - 0.8 * 0.5) < 1e-6)
    #expect((body.box.x, body.box.y, body.box.width, body.box.height) == (64, 32, 32, 64))
  }

  @Test("a distance of d cells takes exp(-d² / (0.3 · the map's shorter side)) of a joint's score")
  func distance() throws {
    var maps = Maps()
    maps.put(x: 20, y: 16, score: 1)
    maps.joints[17 * Maps.cell(x: 22, y: 19) + 5] = 0.9
    let joint = try #require(try maps.bodies().first).joints[5]
    #expect(abs(joint.score - 0.9 * 0.2582) < 1e-4)  // exp(-13 / 9.6)
  }

  @Test("where bodies overlap a joint counts as for the one that it is nearest to")
  func neighbours() throws {
    var maps = Maps()
    maps.put(x: 20, y: 16, score: 0.9)
    maps.put(x: 23, y: 16, score: 0.8)
    maps.joints[17 * Maps.cell(x: 23, y: 16)] = 1
    let bodies = try maps.bodies()
    #expect(bodies.map { $0.joints[0].score } == [1, 1])
    #expect(bodies.map(\.score) == [0.9, 0.8])
  }

  @Test("people are the highest cells within two, at most six, surest first")
  func peaks() throws {
    var maps = Maps()
    for (index, score) in [0.3, 0.9, 0.5, 0.7, 0.4, 0.6, 0.8].enumerated() {
      let x = 3 + 6 * index
      maps.put(x: x, y: 16, score: Float(score))
      maps.joints[17 * Maps.cell(x: x, y: 16)] = 1
    }
    maps.center[Maps.cell(x: 11, y: 18)] = 0.85  // two columns and rows from the surest
    let bodies = try maps.bodies()
    #expect(bodies.map(\.score) == [0.9, 0.8, 0.7, 0.6, 0.5, 0.4])
    #expect(try maps.bodies(minScore: 0.65).map(\.score) == [0.9, 0.8, 0.7])
  }

  @Test("who has no joint, or numbers that are none, is left out")
  func broken() throws {
    var maps = Maps()
    maps.put(x: 10, y: 16, score: 0.9)
    maps.put(x: 30, y: 16, score: 0.8)
    maps.joints[17 * Maps.cell(x: 30, y: 16)] = 1
    #expect(try maps.bodies().map(\.score) == [0.8])
    maps.reach[34 * Maps.cell(x: 30, y: 16)] = .nan
    #expect(try maps.bodies().isEmpty)
    maps.center[Maps.cell(x: 3, y: 3)] = .nan
    #expect(try maps.bodies().isEmpty)
    // In the first cell, where joints are that were found nowhere.
    var first = Maps()
    first.put(x: 2, y: 2, score: 0.9)
    first.joints[17 * Maps.cell(x: 2, y: 2)] = 1
    #expect(try first.bodies().count == 1)
    first.joints[3] = .nan
    #expect(try first.bodies().isEmpty)
  }

  @Test("maps of other sizes than the input's are none")
  func sizes() {
    let none = UnsafeBufferPointer<Float>(start: nil, count: 0)
    #expect(
      MoveNetMaps(
        center: none, offset: none, size: none, reach: none, joints: none, jointOffset: none,
        width: 192, height: 192) == nil)
  }

  /// What the published model with its own last layers says of a part of the sample: OpenVINO 2026.4 in Python, f32, the
  /// same pixels.
  struct Published: CustomTestStringConvertible {
    var side: Int
    var corner: (x: Float, y: Float)
    var score: Float
    var box: [Float]
    /// Nose, left eye, right eye, left shoulder: x, y, score.
    var joints: [(Float, Float, Float)]

    var testDescription: String { "\(side) pixels" }

    static let all = [
      Published(
        side: 320, corner: (60, 0), score: 0.35770753, box: [54.29, 50.4, 293.72, 320],
        joints: [
          (164.08, 123.83, 0.5697), (186.92, 103.41, 0.8407), (142.92, 100.21, 0.6612),
          (234.96, 230.76, 0.1681),
        ]),
      Published(
        side: 192, corner: (130, 10), score: 0.55924654, box: [1.79, 4.86, 170.91, 189.18],
        joints: [
          (92.68, 115.28, 0.5617), (117.9, 91.91, 0.6922), (72.52, 89.5, 0.7579),
          (167.41, 184.61, 0.0533),
        ]),
    ]
  }

  @Test(
    "sees in the sample what the published model sees, whatever was looked at before",
    .enabled(if: Requirements.moveNet, "\(Requirements.missingModels)"), arguments: Published.all)
  func published(_ expected: Published) throws {
    let loader = NetworkLoader(folder: .find(), cache: nil)
    let engine = Engine(name: "test", loader: loader, precision: .f32, threads: 1)
    let moveNet = try #require(try engine.scouts()).moveNet
    var picture = ImagePyramid(try TestData.sample(), scale: (1, 1))
    let side = Float(expected.side)
    let view = RegionOfInterest(
      center: Point(x: expected.corner.x + side / 2, y: expected.corner.y + side / 2), side: side,
      rotation: 0)
    // The size of the input changes from look to look.
    for other in [MoveNet.partSide, MoveNet.closeUpSide] {
      _ = try moveNet.look(at: &picture, within: view, side: other, minScore: 0)
      let bodies = try moveNet.look(
        at: &picture, within: view, side: expected.side, minScore: 0)
      let body = try #require(bodies.first)
      #expect(abs(body.score - expected.score) < 1e-3)
      let box = [
        body.box.x, body.box.y, body.box.x + body.box.width, body.box.y + body.box.height,
      ]
      let moved = zip(
        box, [expected.corner.x, expected.corner.y, expected.corner.x, expected.corner.y]
      )
      .map { $0 - $1 }
      #expect(zip(moved, expected.box).allSatisfy { abs($0 - $1) < 0.1 })
      for (joint, place) in zip([0, 1, 2, 5], expected.joints) {
        #expect(abs(body.joints[joint].x - expected.corner.x - place.0) < 0.1)
        #expect(abs(body.joints[joint].y - expected.corner.y - place.1) < 0.1)
        #expect(abs(body.joints[joint].score - place.2) < 1e-3)
      }
    }
  }
}
