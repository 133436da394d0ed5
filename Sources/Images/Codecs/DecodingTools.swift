import Files
import Processes

/// The programs that decode in processes of their own.
package struct DecodingTools: Sendable {
  /// Decodes BMP: a path or a name in `PATH`.
  package var ffmpeg: String
  /// Decodes GIF, TIFF, HEIC and AVIF, and starts ffmpeg with few rights: the path of `stance-decode`, nil when it was not
  /// found.
  package var helper: String?

  /// These programs.
  package init(ffmpeg: String = "ffmpeg", helper: String? = standard.helper) {
    self.ffmpeg = ffmpeg
    self.helper = helper
  }

  /// ffmpeg from `PATH`; `stance-decode` beside this binary, or in `../libexec/stance` from it.
  package static let standard = DecodingTools(ffmpeg: "ffmpeg", helper: findHelper())

  private static func findHelper() -> String? {
    guard let folder = Files.binaryFolder else { return nil }
    return ["\(folder)/stance-decode", "\(folder)/../libexec/stance/stance-decode"]
      .first(where: Files.exists)
  }

  /// - Throws: `.missingTool` when it was not found.
  func helper(for format: ImageFormat) throws(ImageError) -> String {
    if let helper { return helper }
    throw ImageError(
      .missingTool,
      "\(format.title) needs the program stance-decode, which is not beside this program")
  }

  /// What `stance-decode` says of itself, a line each; nil when it can't be run.
  package func helperReport() -> [String]? {
    guard let helper,
      let result = try? ChildProcess.run(
        Command(helper, ["about"]), input: [], outputLimit: 16 << 10, timeout: .seconds(10)),
      result.succeeded
    else { return nil }
    return String(decoding: result.output, as: UTF8.self).split(separator: "\n").map(String.init)
  }
}

/// A decoder in a process of its own, with bounds on its time and memory.
struct DecodingChild {
  let command: Command
  let format: ImageFormat
  let limits: ImageLimits

  /// What it wrote for `bytes`.
  ///
  /// - Throws: `.missingTool`, `.noResources`, `.timedOut`, or `.corrupt` when it wrote more than `outputLimit` bytes.
  func run(_ bytes: [UInt8], outputLimit: Int, expectedOutput: Int = 0) throws -> ChildResult {
    let result: ChildResult
    do {
      result = try ChildProcess.run(
        command, input: bytes, outputLimit: outputLimit, expectedOutput: expectedOutput,
        timeout: limits.maxDecodingTime)
    } catch {
      if error.isUnusableProgram { throw missing("it can't be started") }
      // Whatever it was, the picture has not been looked at.
      throw ImageError(.noResources, "\(format.title) could not be decoded now: \(error.reason)")
    }
    // 127: the loader could not start the program.
    if result.status == .exited(127), result.errors.contains("shared librar") {
      let reason = result.lastError ?? "a library is missing"
      let isShortage = ["allocate memory", "failed to map"].contains { reason.contains($0) }
      throw isShortage
        ? ImageError(.noResources, "\(format.title) could not be decoded now: \(reason)")
        : missing(reason)
    }
    if result.timedOut {
      throw ImageError(
        .timedOut, "decoding the \(format.title) took longer than \(limits.maxDecodingTime)")
    }
    if result.outputExceeded { throw format.corrupt("more pixels than its header says") }
    return result
  }

  private func missing(_ reason: String) -> ImageError {
    ImageError(.missingTool, "\(format.title) needs stance-decode: \(reason)")
  }
}

extension ImageLimits {
  /// Whole seconds of processor time for a child: a net below the wall time, for when this process is gone.
  var processorSeconds: Int { Int(min(max(maxDecodingTime.components.seconds, 0), 86_400)) + 2 }
}
