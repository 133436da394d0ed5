import Files
import Processes

/// The programs that decode in processes of their own.
package struct DecodingTools: Sendable {
  /// Decodes GIF, TIFF and BMP: a path or a name in `PATH`.
  package var ffmpeg: String
  /// Decodes HEIC and AVIF: the path of `stance-heif`, nil when it was not found.
  package var heif: String?

  /// These programs.
  package init(ffmpeg: String = "ffmpeg", heif: String? = standard.heif) {
    self.ffmpeg = ffmpeg
    self.heif = heif
  }

  /// ffmpeg from `PATH`; `stance-heif` beside this binary, or in `../libexec/stance` from it.
  package static let standard = DecodingTools(ffmpeg: "ffmpeg", heif: findHEIF())

  private static func findHEIF() -> String? {
    guard let folder = Files.binaryFolder else { return nil }
    return ["\(folder)/stance-heif", "\(folder)/../libexec/stance/stance-heif"]
      .first(where: Files.exists)
  }
}

/// A decoder in a process of its own, with bounds on its time and memory.
struct DecodingChild {
  let command: Command
  let format: ImageFormat
  /// Debian's package to name when it is not there.
  let debianPackage: String
  let limits: ImageLimits

  /// What it wrote for `bytes`.
  ///
  /// - Throws: `.missingTool`, `.timedOut`, or `.corrupt` when it wrote more than `outputLimit` bytes.
  func run(_ bytes: [UInt8], outputLimit: Int, expectedOutput: Int = 0) throws -> ChildResult {
    let result: ChildResult
    do {
      result = try ChildProcess.run(
        command, input: bytes, outputLimit: outputLimit, expectedOutput: expectedOutput,
        timeout: limits.maxDecodingTime)
    } catch {
      if error.isMissingProgram { throw missing("it can't be started") }
      throw ImageError(.corrupt, "\(format.title) could not be decoded: \(error)")
    }
    // 127: the loader could not start the program.
    if result.status == .exited(127), result.errors.contains("shared librar") {
      throw missing(result.lastError ?? "a library is missing")
    }
    if result.timedOut {
      throw ImageError(
        .timedOut, "decoding the \(format.title) took longer than \(limits.maxDecodingTime)")
    }
    if result.outputExceeded { throw format.corrupt("more pixels than its header says") }
    return result
  }

  private func missing(_ reason: String) -> ImageError {
    ImageError(
      .missingTool,
      "\(format.title) needs \(command.program), which is part of Debian's package \(debianPackage): \(reason)"
    )
  }
}

extension ImageLimits {
  /// Whole seconds of processor time for a child: a net below the wall time, for when this process is gone.
  var processorSeconds: Int { Int(min(max(maxDecodingTime.components.seconds, 0), 86_400)) + 2 }
}
