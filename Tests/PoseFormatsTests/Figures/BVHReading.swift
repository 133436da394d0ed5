import Foundation
import Testing

/// A BVH file as its description has it, read line by line.
struct BVHReading {
  struct Joint {
    var name: String
    var parent: Int?
    var offset: SIMD3<Double> = .zero
    var channels: [String] = []
    var tip: SIMD3<Double>?
  }

  var joints: [Joint] = []
  var rows: [[Double]] = []
  var frameTime = 0.0

  init(_ bytes: [UInt8]) throws {
    let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n").map {
      $0.trimmingCharacters(in: .whitespaces)
    }
    try #require(lines.first == "HIERARCHY")
    var open: [Int?] = []
    var isTip = false
    var number = 1
    while number < lines.count, lines[number] != "MOTION" {
      let words = lines[number].split(separator: " ").map(String.init)
      func vector() throws -> SIMD3<Double> {
        let numbers = try words.dropFirst().map { try #require(Double($0)) }
        try #require(numbers.count == 3)
        return SIMD3(numbers[0], numbers[1], numbers[2])
      }
      switch words.first {
      case "ROOT", "JOINT":
        try #require(lines[number + 1] == "{")
        joints.append(Joint(name: words[1], parent: open.last ?? nil))
        open.append(joints.count - 1)
      case "End":
        isTip = true
        open.append(nil)
      case "OFFSET":
        if isTip {
          joints[joints.count - 1].tip = try vector()
        } else {
          joints[joints.count - 1].offset = try vector()
        }
      case "CHANNELS":
        joints[joints.count - 1].channels = Array(words.dropFirst(2))
        try #require(words[1] == "\(words.count - 2)")
      case "}":
        isTip = false
        open.removeLast()
      default: try #require(words == ["{"])
      }
      number += 1
    }
    try #require(open.isEmpty)
    let count = try #require(Int(lines[number + 1].replacing("Frames: ", with: "")))
    frameTime = try #require(Double(lines[number + 2].replacing("Frame Time: ", with: "")))
    rows = try lines[(number + 3)...].map { line in
      try line.split(separator: " ").map { try #require(Double($0)) }
    }
    try #require(rows.count == count)
  }

  /// The numbers of a joint's channels in a row.
  func channels(_ name: String, in row: Int) throws -> [Double] {
    let joint = try #require(joints.firstIndex { $0.name == name })
    let first = joints[..<joint].reduce(0) { $0 + $1.channels.count }
    return Array(rows[row][first..<(first + joints[joint].channels.count)])
  }

  /// Where each joint is in a row, and the end of its bone as "LeftHand end".
  func places(in row: Int) throws -> [String: SIMD3<Double>] {
    var places: [String: SIMD3<Double>] = [:]
    var turns: [(SIMD3<Double>) -> SIMD3<Double>] = []
    for joint in joints {
      var place = joint.offset
      var own: [(Axis, Double)] = []
      for (channel, number) in zip(joint.channels, try channels(joint.name, in: row)) {
        switch channel {
        case "Xposition": place.x += number
        case "Yposition": place.y += number
        case "Zposition": place.z += number
        case "Xrotation": own.append((.x, number))
        case "Yrotation": own.append((.y, number))
        case "Zrotation": own.append((.z, number))
        default: Issue.record("\(channel)")
        }
      }
      let outer = joint.parent.map { turns[$0] } ?? { $0 }
      // The last channel turns first.
      let turn: (SIMD3<Double>) -> SIMD3<Double> = { point in
        outer(own.reversed().reduce(point) { turned($0, $1.0, $1.1) })
      }
      turns.append(turn)
      if let parent = joint.parent {
        place = try #require(places[joints[parent].name]) + outer(place)
      }
      places[joint.name] = place
      if let tip = joint.tip { places["\(joint.name) end"] = place + turn(tip) }
    }
    return places
  }
}
