import Foundation
import Images
import Inference
import Stance
import TestSupport
import Testing

/// How far a person is from MediaPipe's, over the 33 landmarks.
private struct Difference {
  var meanPixels = 0.0
  var beyond1px = 0
  var maxDepth = 0.0
  var maxVisibility = 0.0
  var worldMillimetres = 0.0

  init(_ person: Person, _ golden: GoldenPose, size: ImageSize) throws {
    let landmarks = try #require(golden.pose_landmarks)
    let world = try #require(golden.pose_world_landmarks)
    let pixels = person.landmarks.pixels(in: size)
    for index in 0..<LandmarkName.count {
      let distance = hypot(
        Double(pixels[index].x) - landmarks[index][0] * Double(size.width),
        Double(pixels[index].y) - landmarks[index][1] * Double(size.height))
      meanPixels += distance / 33
      beyond1px += distance > 1 ? 1 : 0
      maxDepth = max(maxDepth, abs(Double(person.landmarks[index].z) - landmarks[index][2]))
      maxVisibility = max(
        maxVisibility, abs(Double(person.landmarks[index].visibility) - landmarks[index][3]))
      let ours = person.worldLandmarks[index]
      let square =
        pow(Double(ours.x) - world[index][0], 2) + pow(Double(ours.y) - world[index][1], 2)
        + pow(Double(ours.z) - world[index][2], 2)
      worldMillimetres += square.squareRoot() * 1000 / 33
    }
  }
}

@Suite(
  "Parity with MediaPipe", .serialized,
  .enabled(if: Requirements.goldens, "\(Requirements.missingGoldens)"))
struct ParityTests {
  /// Photos whose person is near the threshold: two sound implementations may differ (testdata/README.md).
  private static let nearThreshold = ["none_cup.jpg", "cocov_000544.jpg", "tfpose_armsup.jpg"]

  @Test(
    "the lossless twins give MediaPipe's landmarks: 0.1 px or a tenth of its noise floor on at least 12 of 13",
    arguments: Complexity.allCases)
  func twins(complexity: Complexity) throws {
    let landmarker = try PoseLandmarker(PoseOptions(complexity: complexity, search: .quick))
    let noise = try NoiseFloor.load()
    var (within, withPose) = (0, 0)
    for golden in try GoldenPicture.all(in: "golden/parity") {
      let pose = try #require(golden.complexity["\(complexity.rawValue)"])
      let image = try TestData.image("parity/\(golden.file)")
      let people = try landmarker.detect(in: image)
      guard pose.pose_landmarks != nil else {
        #expect(people.isEmpty, "\(golden.file)")
        continue
      }
      withPose += 1
      let person = try #require(people.first, "\(golden.file)")
      let difference = try Difference(person, pose, size: image.size)
      let floor = try #require(noise[golden.file, complexity.rawValue]).mean_px
      let bar = max(0.1, 0.1 * floor)
      if difference.meanPixels <= bar { within += 1 }
      #expect(difference.meanPixels <= max(bar, floor), "\(golden.file)")
      #expect(difference.beyond1px <= 2, "\(golden.file)")
      #expect(difference.maxDepth <= 0.005, "\(golden.file)")
      #expect(difference.maxVisibility <= 0.005, "\(golden.file)")
      #expect(difference.worldMillimetres <= 1, "\(golden.file)")
      #expect(abs(Double(person.presence) - (pose.pose_presence_score ?? 0)) < 1e-3)
    }
    #expect(withPose == 13)
    #expect(within >= 12)
  }

  @Test(
    "the twins' masks are MediaPipe's: intersection over union at half at least 0.99",
    arguments: Complexity.allCases)
  func masks(complexity: Complexity) throws {
    let landmarker = try PoseLandmarker(
      PoseOptions(complexity: complexity, maxPeople: 1, search: .quick, segmentation: true))
    for golden in try GoldenPicture.all(in: "golden/parity") {
      guard let expected = golden.complexity["\(complexity.rawValue)"]?.mask else { continue }
      let image = try TestData.image("parity/\(golden.file)")
      let mask = try #require(try landmarker.detect(in: image).first?.mask)
      #expect(mask.size == image.size)
      let reduced = areaAveraged(mask, width: expected.width, height: expected.height)
      let theirs = try TestData.image("golden/parity/\(expected.file)")
      let pairs = theirs.withPixels { pixels in
        reduced.indices.map { (reduced[$0] > 127, pixels[4 * $0] > 127) }
      }
      let both = pairs.count { $0 && $1 }
      let either = pairs.count { $0 || $1 }
      #expect(Double(both) / Double(max(1, either)) >= 0.99, "\(golden.file): \(both)/\(either)")
    }
  }

  /// As the goldens were reduced: the average over each target pixel's area.
  private func areaAveraged(_ mask: Mask, width: Int, height: Int) -> [Double] {
    func weights(_ index: Int, from length: Int, to count: Int) -> [(Int, Double)] {
      let scale = Double(length) / Double(count)
      let (start, end) = (Double(index) * scale, Double(index + 1) * scale)
      return (Int(start)..<min(length, Int(end.rounded(.up)))).map { place in
        (place, min(end, Double(place + 1)) - max(start, Double(place)))
      }
    }
    let columns = (0..<width).map { weights($0, from: mask.size.width, to: width) }
    return (0..<height).flatMap { y -> [Double] in
      let rows = weights(y, from: mask.size.height, to: height)
      return columns.map { columns in
        var (sum, area) = (0.0, 0.0)
        for (row, a) in rows {
          for (column, b) in columns {
            sum += a * b * Double(mask.values[row * mask.size.width + column])
            area += a * b
          }
        }
        return sum / area
      }
    }
  }

  @Test(
    "on every open photo somebody is found exactly when MediaPipe finds somebody, but for three near the threshold",
    arguments: Complexity.allCases)
  func presence(complexity: Complexity) throws {
    let landmarker = try PoseLandmarker(
      PoseOptions(complexity: complexity, maxPeople: 1, search: .quick))
    var compared = 0
    for golden in try GoldenPicture.all(in: "golden/photos")
    where !Self.nearThreshold.contains(golden.file) {
      let people = try landmarker.detect(in: TestData.image("photos/\(golden.file)"))
      let theirs = golden.complexity["\(complexity.rawValue)"]?.pose_landmarks != nil
      #expect(people.isEmpty == !theirs, "\(golden.file)")
      compared += 1
    }
    #expect(compared == 53)
  }

  @Test(
    "the models give TFLite's numbers for the exact 8-bit inputs, to 0.03 px of the crop",
    arguments: Complexity.allCases)
  func tensors(complexity: Complexity) throws {
    let model: Model = [.lite, .full, .heavy][complexity.rawValue]
    let network = try NetworkLoader(folder: .find(), cache: .standard).load(
      model,
      NetworkOptions(
        threads: 1, precision: .f32,
        outputs: ["Identity", "Identity_1", "Identity_3", "Identity_4", "Identity_2"]))
    for golden in try GoldenTensors.all() {
      guard let expected = golden.landmarks?["\(complexity.rawValue)"] else { continue }
      let crop = try TestData.image("golden/tensors/\(expected.input)")
      try network.run { input in
        fill(input, from: crop) { Float($0) / 255 }
      } read: { outputs in
        let (landmarks, world) = (Array(outputs[0]), Array(outputs[3]))
        // Visibility and presence are logits of up to ±20.
        for (index, value) in expected.landmarks_39x5.enumerated() {
          #expect(abs(landmarks[index] - value) < 0.03, "\(golden.file) \(index)")
        }
        #expect(abs(outputs[1][0] - expected.pose_flag) < 1e-4)
        #expect(zip(world, expected.world_39x3).allSatisfy { abs($0 - $1) < 1e-3 })
        let heatmap = Array(outputs[2])
        for channel in 0..<39 {
          let peak = stride(from: channel, to: heatmap.count, by: 39).map { heatmap[$0] }.max()
          #expect(abs((peak ?? 0) - expected.heatmap_64x64x39.max_per_channel[channel]) < 0.02)
        }
        let positive = outputs[4].count { $0 > 0 }
        #expect(
          abs(Double(positive) / 65536 - expected.segmentation_256x256.share_positive) < 2e-4)
      }
    }
  }

  @Test("the detector gives TFLite's best anchors for the exact 8-bit inputs")
  func detectorTensors() throws {
    let network = try NetworkLoader(folder: .find(), cache: .standard).load(
      .detector,
      NetworkOptions(threads: 1, precision: .f32, outputs: ["Identity", "Identity_1"]))
    for golden in try GoldenTensors.all() {
      let picture = try TestData.image("golden/tensors/\(golden.detector.input)")
      try network.run { input in
        fill(input, from: picture) { Float($0) / 127.5 - 1 }
      } read: { outputs in
        for (place, anchor) in golden.detector.top20_anchors.enumerated() {
          #expect(abs(outputs[1][anchor] - golden.detector.top20_scores[place]) < 2e-3)
          for value in 0..<12 {
            let ours = outputs[0][12 * anchor + value]
            #expect(abs(ours - golden.detector.top20_boxes[place][value]) < 0.02)
          }
        }
      }
    }
  }

  private func fill(
    _ input: UnsafeMutableBufferPointer<Float>, from image: Image, _ value: (UInt8) -> Float
  ) {
    image.withPixels { pixels in
      for index in input.indices { input[index] = value(pixels[4 * (index / 3) + 2 - index % 3]) }
    }
  }
}
