import CProcesses

extension Files {
  /// The folder of the program or bundle that this code was linked into, links resolved.
  ///
  /// Models and helper programs are looked for from here, so that an installed layout can be moved.
  public static let binaryFolder: String? = {
    var buffer = [CChar](repeating: 0, count: 4096)
    guard stance_binary_path(&buffer, buffer.count) == 0 else { return nil }
    return realPath(String(path: buffer)).map(parent(of:))
  }()
}
