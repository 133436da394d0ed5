/// The arithmetic of inference.
public enum Precision: String, Sendable, Hashable, CaseIterable {
  /// 32-bit floats: exact, and the same on every machine.
  case f32
  /// 16-bit brain floats: faster where the processor has them, refused where it has not.
  case bf16
}
