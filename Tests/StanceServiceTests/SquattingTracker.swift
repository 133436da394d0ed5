import Foundation
import Images
import Stance
import Synchronization

@testable import StanceService

/// One person, seen from the side, who squats once from second 1 to second 3 of each four.
final class SquattingTracker: LiveTracker {
  private let lastTime = Mutex(-Double.infinity)

  func track(_ frame: EncodedImage, at time: Double) async throws -> TrackedFrame {
    lastTime.withLock { $0 = time }
    let part = time.truncatingRemainder(dividingBy: 4)
    let depth = part > 1 && part < 3 ? (1 - cos((part - 1) * .pi)) / 2 : 0
    return TrackedFrame(
      index: 0, time: time,
      result: PoseResult(
        imageSize: ImageSize(width: 200, height: 200), complexity: .full, search: .quick,
        precision: .f32, people: [Self.person(depth)], timing: PoseTiming()), lost: [])
  }

  func change(_ options: PoseOptions, tracking: TrackingOptions) throws {}

  func reset() {}

  /// At depth 1 the knees are bent by 100° and the hips by 80°.
  static func person(_ depth: Double) -> Person {
    let (shank, lean) = (50 * depth * .pi / 180, 30 * depth * .pi / 180)
    let knee = SIMD2(0.4 * sin(shank), 0.4 - 0.4 * cos(shank))
    let hip = knee - SIMD2(0.4 * sin(shank), 0.4 * cos(shank))
    let shoulder = hip + SIMD2(0.5 * sin(lean), -0.5 * cos(lean))
    func place(_ name: LandmarkName) -> SIMD2<Double> {
      switch name {
      case .leftHip, .rightHip: hip
      case .leftKnee, .rightKnee: knee
      case .leftAnkle, .rightAnkle: SIMD2(0, 0.4)
      default: shoulder
      }
    }
    func landmarks<Frame>(
      _ x: (Double) -> Double, _ y: (Double) -> Double
    ) -> Landmarks<Frame> {
      Landmarks(
        LandmarkName.allCases.map {
          let place = place($0)
          return Landmark(
            x: Float(x(place.x)), y: Float(y(place.y)), z: 0, visibility: 0.99, presence: 1)
        })
    }
    return Person(
      id: 1, score: nil, presence: 1, confidence: 1,
      box: PixelBox(x: 0, y: 0, width: 1, height: 1),
      landmarks: landmarks({ 0.5 + 0.4 * $0 }, { 0.5 + 0.4 * $0 }),
      worldLandmarks: landmarks({ $0 }, { $0 }))
  }
}
