import Images
import Inference
import PixelKernels
import PoseFormats
import PoseRendering
import Stance

/// What a still is made of, each stage by itself: one thread or as many as were asked for.
///
/// The stages take turns, one run each, so that a disturbance of the machine touches all alike.
struct StillStages {
  private let stages: [(name: String, run: () throws -> Void)]

  /// Prepares every stage's input from the photo, which should show a person.
  init(_ arguments: Arguments) throws {
    let photo = try EncodedImage(contentsOf: arguments.photos[0])
    let image = try photo.decode()
    let loader = NetworkLoader(folder: .find(), cache: .standard)
    func network(_ model: Model, _ outputs: [String]) throws -> Network {
      let options = NetworkOptions(
        threads: arguments.engine.threads ?? 1, precision: arguments.engine.precision,
        outputs: outputs)
      return try loader.load(model, options)
    }
    let detector = try network(.detector, ["Identity", "Identity_1"])
    let letterbox = Letterbox(image.size)
    let (boxes, logits) = try detector.run {
      sample(image, by: letterbox.map, .black, into: $0)
    } read: {
      (Array($0[0]), Array($0[1]))
    }
    func detections() -> [Detection<Pixels>] {
      boxes.withUnsafeBufferPointer { boxes in
        logits.withUnsafeBufferPointer { logits in
          let found = DetectionDecoder.detections(boxes: boxes, logits: logits, minScore: 0.5)
          return WeightedSuppression.merge(found).map(letterbox.pixels)
        }
      }
    }
    guard let region = detections().first.flatMap(RegionOfInterest.init) else {
      throw Arguments.UsageError("nobody is found in \(arguments.photos[0])")
    }
    let crop = region.map(toSide: LandmarkDecoder.inputSide)
    let estimator = try network(
      arguments.options.complexity.model, ["Identity", "Identity_1", "Identity_3", "Identity_4"])
    let (points, heatmap) = try estimator.run {
      sample(image, by: crop, .replicate, into: $0)
    } read: {
      (Array($0[0]), Array($0[2]))
    }
    let landmarker = try PoseLandmarker(arguments.options, engine: arguments.engine)
    let result = try landmarker.result(for: photo)
    let renderer = SkeletonRenderer()
    var canvas = image
    var input = [Float](
      repeating: 0, count: 3 * LandmarkDecoder.inputSide * LandmarkDecoder.inputSide)

    stages = [
      ("decode JPEG", { _ = try photo.decode() }),
      (
        "letterbox",
        {
          input.withUnsafeMutableBufferPointer {
            sample(image, by: letterbox.map, .black, into: $0)
          }
        }
      ),
      ("detector", { try detector.run(fill: { _ in }, read: { _ in }) }),
      ("detections", { _ = detections() }),
      (
        "crop",
        { input.withUnsafeMutableBufferPointer { sample(image, by: crop, .replicate, into: $0) } }
      ),
      ("landmarks", { try estimator.run(fill: { _ in }, read: { _ in }) }),
      (
        "heatmap",
        {
          points.withUnsafeBufferPointer { points in
            heatmap.withUnsafeBufferPointer { heatmap in
              guard var landmarks = LandmarkDecoder.landmarks(points) else { return }
              HeatmapRefinement.refine(&landmarks, with: heatmap)
            }
          }
        }
      ),
      ("JPEG to landmarks", { _ = try landmarker.result(for: photo) }),
      ("draw", { try renderer.draw(result.people, on: &canvas) }),
      ("encode JPEG", { _ = try ImageEncoder.encode(image, as: .jpeg) }),
      ("JSON", { _ = try PoseFormat.json.encode(result) }),
    ]
  }

  /// Prints each stage's median in milliseconds, in the order of the work.
  func measure(for seconds: Double) throws {
    var times = stages.map { _ in [Double]() }
    let start = ContinuousClock.now
    repeat {
      for (index, stage) in stages.enumerated() {
        times[index].append(try milliseconds(stage.run))
      }
    } while ContinuousClock.now - start < .seconds(seconds) || times[0].count < 5
    var report = ReportLine()
    for (stage, times) in zip(stages, times) { report.add(stage.name, times.median) }
    report.write()
  }
}

/// The warp into a network's square input of that border's network.
private func sample(
  _ image: Image, by map: AffineMap, _ border: WarpBorder,
  into target: UnsafeMutableBufferPointer<Float>
) {
  let side = border == .black ? Anchors.inputSide : LandmarkDecoder.inputSide
  image.withPixels { pixels in
    warp(
      pixels, width: image.width, height: image.height, by: map, border: border, values: 0...1,
      into: target, targetWidth: side, targetHeight: side)
  }
}

extension Complexity {
  fileprivate var model: Model {
    switch self {
    case .lite: .lite
    case .full: .full
    case .heavy: .heavy
    }
  }
}
