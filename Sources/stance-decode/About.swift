import ArchiveDecoder
import Glibc
import PictureDecoders

/// What `stance doctor` asks of this program.
enum About {
  /// "library NAME VERSION" for each decoder, then "bound NAME holds|missing" for each bound, found by trying.
  static func lines() -> [String] {
    let libraries =
      (PictureDecoder.allCases.map(\.library) + [ArchiveDecoder.library]).map { "library \($0)" }
    // In this order, and each tried by itself: seccomp too would refuse to open a file.
    let bounds = [
      ("no_new_privs", Sandbox.forbidNewPrivileges()),
      ("landlock", Sandbox.forbidFiles() && !canOpenFile()),
      ("seccomp", Sandbox.keepComputingOnly() && !canMakeSocket()),
    ]
    return libraries + bounds.map { "bound \($0) \($1 ? "holds" : "missing")" }
  }

  private static func canOpenFile() -> Bool {
    let descriptor = open("/proc/self/statm", O_RDONLY | O_CLOEXEC)
    if descriptor >= 0 { close(descriptor) }
    return descriptor >= 0
  }

  private static func canMakeSocket() -> Bool {
    let descriptor = socket(AF_INET, Int32(SOCK_DGRAM.rawValue), 0)
    if descriptor >= 0 { close(descriptor) }
    return descriptor >= 0
  }
}
