/// What this machine offers for inference.
public enum InferenceRuntime {
  /// The runtime's name and version: "OpenVINO 2026.4.1".
  public static var version: String { "" }
  /// The processor's name as the runtime gives it.
  public static var processor: String { "" }
  /// Instruction sets that matter for speed, of those that the processor has: "avx2", "avx512f", "avx512_bf16", "amx_tile" …
  public static var instructionSets: [String] { [] }
  /// The precisions that run at full speed here.
  public static var precisions: [Precision] { [.f32] }
  /// The cores that this process may use: affinity and cgroup quota, at least 1.
  public static var availableCores: Int { 1 }
}
