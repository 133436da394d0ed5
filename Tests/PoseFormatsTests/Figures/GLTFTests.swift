import PoseFormats
import Stance
import Testing

@Suite("glTF")
struct GLTFTests {
  @Test("every joint comes to lie on its landmark, within a hundredth of a millimetre")
  func places() throws {
    let file = try GLTFReading(try PoseClip.made(BVHTests.bodies.map { [1: $0] }).bytes(.gltf))
    let standing = SIMD3(0, BVHTests.standing / 100, 0)
    for (key, body) in BVHTests.bodies.enumerated() {
      let (places, points) = (try file.places(key: key), body.points)
      for (joint, landmark) in BVHTests.joints where !joint.hasSuffix("end") {
        let wanted = try #require(points[landmark]) + standing
        #expect(distance(try #require(places[joint]), wanted) < 1e-5, "\(joint) of frame \(key)")
      }
    }
  }

  @Test(
    "keys lie at the sights' times, and a gap has one more at its last frame that holds the pose")
  func gaps() throws {
    let file = try GLTFReading(
      try PoseClip.made([
        [:], [1: MadeBody(raise: 10)], [:], [:], [1: MadeBody(raise: 50)], [1: MadeBody()], [:],
      ]).bytes(.gltf))
    for channel in file.channels {
      #expect(channel.times == [0.04, 0.12, 0.16, 0.2].map { Double(Float($0)) })
      #expect(channel.values.count == 4 && channel.values[0] == channel.values[1])
    }
    let extras = file.list("nodes")[0]["extras"] as? [String: Any]
    #expect(extras?["unseen"] as? [[Double]] == [[0.08, 0.12]])
  }

  @Test("several people are figures of one scene, in a row, with names of their own")
  func people() throws {
    let file = try GLTFReading(
      try PoseClip.made([[2: MadeBody(), 7: MadeBody()], [7: MadeBody(raise: 90)]]).bytes(.gltf))
    let names = file.list("nodes").compactMap { $0["name"] as? String }
    #expect(Set(names).count == names.count && names.contains("person7:LeftHand"))
    #expect(file.list("skins").count == 2 && file.list("meshes").count == 2)
    #expect(file.list("animations").count == 1)
    let places = try file.places(key: 0)
    let first = try #require(places["person2:Hips"])
    let second = try #require(places["person7:Hips"])
    #expect(distance(second - first, SIMD3(1.5, 0, 0)) < 1e-6)
    let targets = file.channels.map { "\($0.node) \($0.path)" }
    #expect(Set(targets).count == targets.count && targets.count == 2 * 18)
  }

  @Test(
    "times rise strictly and say their bounds; rotations are of length 1 and take the short way")
  func animation() throws {
    let bodies = (0..<120).map { MadeBody(heading: Double($0) * 7, leftElbow: Double($0)) }
    let file = try GLTFReading(try PoseClip.made(bodies.map { [1: $0] }).bytes(.gltf))
    for channel in file.channels {
      #expect(zip(channel.times, channel.times.dropFirst()).allSatisfy { $0 < $1 })
      guard channel.path == "rotation" else { continue }
      for (last, next) in zip(channel.values, channel.values.dropFirst()) {
        #expect(abs(zip(next, next).map(*).reduce(0, +) - 1) < 1e-6)
        #expect(zip(last, next).map(*).reduce(0, +) > 0.9)
      }
    }
    for accessor in file.list("accessors").indices {
      let described = file.list("accessors")[accessor]
      guard let least = described["min"] as? [Double], let most = described["max"] as? [Double]
      else { continue }
      let numbers = try file.numbers(accessor)
      for part in least.indices {
        #expect(Float(least[part]) == numbers.map { Float($0[part]) }.min())
        #expect(Float(most[part]) == numbers.map { Float($0[part]) }.max())
      }
    }
  }

  @Test("the mesh hangs on its joints as it lies at rest: bound matrices undo the joints' places")
  func skin() throws {
    let file = try GLTFReading(try PoseClip.made([[1: MadeBody()]]).bytes(.gltf))
    let skin = file.list("skins")[0]
    let matrices = try file.numbers(try #require(skin["inverseBindMatrices"] as? Int))
    let joints = try #require(skin["joints"] as? [Int])
    let places = try file.places(key: nil)
    try #require(matrices.count == joints.count && joints.count == 17)
    for (joint, matrix) in zip(joints, matrices) {
      let name = try #require(file.list("nodes")[joint]["name"] as? String)
      let place = try #require(places[name])
      #expect(distance(SIMD3(matrix[12], matrix[13], matrix[14]), -place) < 1e-6)
      #expect(Array(matrix[..<12]) == [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0] && matrix[15] == 1)
    }
  }

  @Test("the mesh is closed, its faces look outward, and it stands on the floor")
  func mesh() throws {
    let file = try GLTFReading(try PoseClip.made([[1: MadeBody()]]).bytes(.gltf))
    let parts = try #require(file.list("meshes")[0]["primitives"] as? [[String: Any]])
    let attributes = try #require(parts[0]["attributes"] as? [String: Int])
    let points = try file.numbers(try #require(attributes["POSITION"])).map {
      SIMD3($0[0], $0[1], $0[2])
    }
    let normals = try file.numbers(try #require(attributes["NORMAL"])).map {
      SIMD3($0[0], $0[1], $0[2])
    }
    #expect(attributes["JOINTS_0"] != nil && attributes["WEIGHTS_0"] != nil)
    var corners = 0
    var volume = 0.0
    for part in parts {
      let indices = try file.numbers(try #require(part["indices"] as? Int)).map { Int($0[0]) }
      corners += indices.count
      for triangle in stride(from: 0, to: indices.count, by: 3) {
        let (a, b, c) = (
          points[indices[triangle]], points[indices[triangle + 1]], points[indices[triangle + 2]]
        )
        let across = cross(b - a, c - a)
        #expect((across * normals[indices[triangle]]).sum() > 0)
        let signed: Double = (a * cross(b, c)).sum()
        volume += signed / 6
      }
    }
    // Of a closed surface that looks outward the sum of signed volumes is its volume: 22 octahedra, 2/3 r² each.
    #expect(corners == points.count && volume > 0.001 && volume < 0.02)
    // A bone's end, with half its width, is the lowest.
    let lowest = try #require(points.map(\.y).min())
    #expect(lowest > -0.02)
  }

  @Test("one frame is one key; nobody is a scene without nodes and without bytes")
  func small() throws {
    let one = try GLTFReading(try PoseClip.made([[1: MadeBody()]]).bytes(.gltf))
    #expect(one.channels.allSatisfy { $0.times == [0] })
    for clip in [try PoseClip.made([]), try PoseClip.made([[:], [:]])] {
      let file = try GLTFReading(try clip.bytes(.gltf))
      #expect(file.list("nodes").isEmpty && file.json["buffers"] == nil && file.binary.isEmpty)
      #expect(file.list("scenes").count == 1 && file.list("scenes")[0]["nodes"] == nil)
    }
  }

  @Test("twenty people who come and go")
  func crowd() throws {
    var frames = [[Int: MadeBody]](repeating: [:], count: 40)
    for frame in frames.indices {
      for id in 1...20 where (frame + id) % 7 != 0 {
        frames[frame][id] = MadeBody(heading: Double(id * 18), raise: Double(frame))
      }
    }
    let file = try GLTFReading(try PoseClip.made(frames).bytes(.gltf))
    #expect(file.list("skins").count == 20 && file.channels.count == 20 * 18)
    #expect(file.channels.allSatisfy { $0.times.count == $0.values.count })
  }

  private func cross(_ a: SIMD3<Double>, _ b: SIMD3<Double>) -> SIMD3<Double> {
    let x: Double = a.y * b.z - a.z * b.y
    let y: Double = a.z * b.x - a.x * b.z
    let z: Double = a.x * b.y - a.y * b.x
    return SIMD3(x, y, z)
  }
}
