import CInference
import Files

/// What this machine offers for inference.
public enum InferenceRuntime {
  /// The runtime's name and version: "OpenVINO 2026.4.1".
  public static var version: String {
    "OpenVINO " + (build.split(separator: "-").first.map(String.init) ?? "of unknown version")
  }

  /// The runtime's full build, for cache keys.
  static let build = String(cString: stance_runtime_version())

  /// The processor's name as the runtime gives it.
  public static var processor: String { device.name }

  /// The precisions that run at full speed here.
  public static var precisions: [Precision] {
    device.capabilities.contains("BF16") ? [.f32, .bf16] : [.f32]
  }

  /// Instruction sets that matter for speed, of those that the processor has: "avx2", "avx512f", "avx512_bf16",
  /// "amx_tile" …; on Arm "asimd", "bf16" ….
  public static let instructionSets: [String] = {
    let text = (try? Files.read("/proc/cpuinfo", limit: 16 << 20)) ?? []
    return instructionSets(in: String(decoding: text, as: UTF8.self))
  }()

  static func instructionSets(in cpuInfo: String) -> [String] {
    let wanted = [
      "sse4_1", "avx", "avx2", "fma", "avx512f", "avx_vnni", "avx512_vnni", "avx512_bf16",
      "avx512_fp16", "amx_tile", "amx_int8", "amx_bf16", "asimd", "asimdhp", "asimddp", "sve",
      "i8mm",
      "bf16",
    ]
    let line = cpuInfo.split(separator: "\n").first {
      $0.hasPrefix("flags") || $0.hasPrefix("Features")
    }
    let all = Set(line?.split(whereSeparator: { $0 == " " || $0 == "\t" }).map(String.init) ?? [])
    return wanted.filter(all.contains)
  }

  /// - Throws: `InferenceError` with `.unsupportedPrecision` when the processor has it not.
  static func require(_ precision: Precision) throws(InferenceError) {
    guard precisions.contains(precision) else {
      throw InferenceError(
        .unsupportedPrecision,
        "\(precision.rawValue) was asked for, but this processor (\(processor)) has no hardware for it and would "
          + "run it slower than f32; use f32 here")
    }
  }

  private static let device: (capabilities: [String], name: String) = {
    let capacity = 1024
    var capabilities = [CChar](repeating: 0, count: capacity)
    var name = capabilities
    guard stance_runtime_device(&capabilities, &name, capacity) == 0 else { return ([], "unknown") }
    func text(_ buffer: [CChar]) -> String {
      String(decoding: buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
    return (text(capabilities).split(separator: ",").map(String.init), text(name))
  }()
}
