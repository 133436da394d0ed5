/// What 0 means.
public enum AngleConvention: String, Sendable, Hashable, CaseIterable {
  /// 0 is straight or neutral, and flexion is positive, as Sports2D and OpenSim's Rajagopal model have it.
  case flexion
  /// The angle between two limbs, 0...180, as it is usually taken from MediaPipe's landmarks: 180 is straight. Trunk, lines
  /// and valgus, which are no such angles, stay as they are.
  case mediapipe
}
