import Glibc

extension Files {
  /// Where a program lies: `name` itself when it is a path, else what is found in `PATH`; nil when nothing there can be
  /// executed.
  package static func program(_ name: String) -> String? {
    if name.contains("/") { return isProgram(name) ? name : nil }
    guard let path = getenv("PATH") else { return nil }
    let folders = String(cString: path).split(separator: ":")
    return folders.map { $0 + "/" + name }.first(where: isProgram)
  }

  private static func isProgram(_ path: String) -> Bool {
    access(path.cPath, X_OK) == 0 && !isFolder(path)
  }
}
