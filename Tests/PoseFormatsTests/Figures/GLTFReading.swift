import Foundation
import Testing

/// A `.glb` file as the specification has it.
struct GLTFReading {
  struct Turn {
    var x, y, z, w: Double

    func callAsFunction(_ point: SIMD3<Double>) -> SIMD3<Double> {
      let row1 = SIMD3(1 - 2 * (y * y + z * z), 2 * (x * y - z * w), 2 * (x * z + y * w))
      let row2 = SIMD3(2 * (x * y + z * w), 1 - 2 * (x * x + z * z), 2 * (y * z - x * w))
      let row3 = SIMD3(2 * (x * z - y * w), 2 * (y * z + x * w), 1 - 2 * (x * x + y * y))
      return SIMD3((row1 * point).sum(), (row2 * point).sum(), (row3 * point).sum())
    }
  }

  struct Channel {
    var node: Int
    var path: String
    var times: [Double]
    var values: [[Double]]
  }

  let json: [String: Any]
  let binary: [UInt8]
  var channels: [Channel] = []

  init(_ bytes: [UInt8]) throws {
    func word(_ offset: Int) -> Int {
      (0..<4).reduce(0) { $0 | Int(bytes[offset + $1]) << (8 * $1) }
    }
    try #require(bytes.starts(with: "glTF".utf8) && word(4) == 2 && word(8) == bytes.count)
    let length = word(12)
    try #require(word(16) == 0x4E4F_534A && length.isMultiple(of: 4))
    json = try #require(
      try JSONSerialization.jsonObject(with: Data(bytes[20..<(20 + length)])) as? [String: Any])
    if bytes.count > 20 + length {
      try #require(word(20 + length + 4) == 0x004E_4942)
      try #require(word(20 + length) == bytes.count - 28 - length)
      binary = Array(bytes[(28 + length)...])
    } else {
      binary = []
    }
    for animation in list("animations") {
      let samplers = animation["samplers"] as? [[String: Int]] ?? []
      for channel in animation["channels"] as? [[String: Any]] ?? [] {
        let sampler = samplers[try #require(channel["sampler"] as? Int)]
        let target = try #require(channel["target"] as? [String: Any])
        channels.append(
          Channel(
            node: try #require(target["node"] as? Int),
            path: try #require(target["path"] as? String),
            times: try numbers(try #require(sampler["input"])).map { $0[0] },
            values: try numbers(try #require(sampler["output"]))))
      }
    }
  }

  func list(_ name: String) -> [[String: Any]] { json[name] as? [[String: Any]] ?? [] }

  /// An accessor's elements.
  func numbers(_ accessor: Int) throws -> [[Double]] {
    let accessor = list("accessors")[accessor]
    let view = list("bufferViews")[try #require(accessor["bufferView"] as? Int)]
    let offset = try #require(view["byteOffset"] as? Int)
    let count = try #require(accessor["count"] as? Int)
    let parts = ["SCALAR": 1, "VEC3": 3, "VEC4": 4, "MAT4": 16]
    let shape = try #require(accessor["type"] as? String)
    let width = try #require(parts[shape])
    let type = try #require(accessor["componentType"] as? Int)
    let size = try #require([5121: 1, 5123: 2, 5126: 4][type])
    try #require(view["byteLength"] as? Int == count * width * size)
    try #require(offset.isMultiple(of: 4) && offset + count * width * size <= binary.count)
    return (0..<count).map { element in
      (0..<width).map { part in
        let first = offset + (element * width + part) * size
        let bits = (0..<size).reduce(UInt32(0)) { $0 | UInt32(binary[first + $1]) << (8 * $1) }
        return type == 5126 ? Double(Float(bitPattern: bits)) : Double(bits)
      }
    }
  }

  /// Where each node is in space, by name, with each channel at its key of that number, or at rest.
  func places(key: Int?) throws -> [String: SIMD3<Double>] {
    var placed: [String: SIMD3<Double>] = [:]
    func go(_ number: Int, _ origin: SIMD3<Double>, _ outer: (SIMD3<Double>) -> SIMD3<Double>)
      throws
    {
      let node = list("nodes")[number]
      func value(_ path: String) -> [Double]? {
        guard let key else { return nil }
        return channels.first { $0.node == number && $0.path == path }?.values[key]
      }
      let shift = value("translation") ?? node["translation"] as? [Double] ?? [0, 0, 0]
      let place = origin + outer(SIMD3(shift[0], shift[1], shift[2]))
      placed[try #require(node["name"] as? String)] = place
      let turn = value("rotation").map { Turn(x: $0[0], y: $0[1], z: $0[2], w: $0[3]) }
      for child in node["children"] as? [Int] ?? [] {
        try go(child, place) { outer(turn?($0) ?? $0) }
      }
    }
    for root in list("scenes")[0]["nodes"] as? [Int] ?? [] { try go(root, .zero) { $0 } }
    return placed
  }
}
