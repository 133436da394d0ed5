import Checksums
import Files
import Glibc

/// Compiled models on disk, so that the next process starts in a fifth of the time.
///
/// Safe when processes share it: a file appears whole or not at all, and each carries the SHA-256 of its content;
/// a damaged one is as good as none. Bounded: beyond ``maxBytes`` the files least recently used go.
///
/// OpenVINO has such a cache of its own, but it reads the model file first, writes in place and never deletes.
package struct CompiledModelCache: Sendable {
  /// The folder; made at the first write.
  package let folder: String
  /// Most bytes that the folder's files may have together.
  package let maxBytes: Int

  /// A cache in `folder`.
  package init(folder: String, maxBytes: Int = 512 << 20) {
    self.folder = folder
    self.maxBytes = maxBytes
  }

  /// The user's own: `$XDG_CACHE_HOME/stance` or `~/.cache/stance`; nil when there is no home.
  package static let standard: CompiledModelCache? = {
    func variable(_ name: String) -> String? {
      guard let value = getenv(name), value.pointee != 0 else { return nil }
      return String(cString: value)
    }
    guard let base = variable("XDG_CACHE_HOME") ?? variable("HOME").map({ $0 + "/.cache" }) else {
      return nil
    }
    return CompiledModelCache(folder: base + "/stance")
  }()

  /// A name for what was compiled from `model` in this way, on this machine, by this runtime.
  package static func key(_ model: Model, _ options: NetworkOptions) -> String {
    let parts =
      [
        options.precision.rawValue, "\(options.threads)", "\(options.streams)", "\(options.input)",
        InferenceRuntime.build,
        InferenceRuntime.instructionSets.joined(separator: " "),
      ] + model.files.map(\.sha256) + options.outputs
    return model.name + "-"
      + SHA256.hexDigest(of: Array(parts.joined(separator: "\n").utf8)).prefix(32)
  }

  /// The compiled model of that key, nil when there is none or it is damaged.
  package func load(_ key: String, _ options: NetworkOptions) -> CompiledModel? {
    guard let file = file(key) else { return nil }
    return try? CompiledModel(importing: file, from: Self.header, options)
  }

  /// What was stored as that key, behind ``header`` bytes, nil when there is nothing or it is damaged.
  func file(_ key: String) -> MappedFile? {
    let path = path(of: key)
    guard let file = try? MappedFile(path, limit: maxBytes), file.count > Self.header else {
      return nil
    }
    let content = UnsafeRawBufferPointer(rebasing: file.bytes[Self.header...])
    guard Array(file.bytes[..<Self.header]) == SHA256.digest(of: content) else {
      unlink(path)
      return nil
    }
    file.letGo()
    // The time of use, which decides who goes first.
    utimensat(AT_FDCWD, path, nil, 0)
    return file
  }

  /// Keeps a compiled model. A failure (a full disk, a folder that may not be written) costs only the next
  /// start's time and is not reported.
  package func store(_ content: [UInt8], as key: String) {
    guard content.count + Self.header <= maxBytes else { return }
    do {
      try Files.makeFolder(folder)
      try Files.write(SHA256.digest(of: content) + content, to: path(of: key))
    } catch { return }
    removeOldest()
  }

  /// Bytes in front of what was stored: its SHA-256.
  static let header = 32

  private func path(of key: String) -> String { "\(folder)/\(key).compiled" }

  private func removeOldest() {
    struct Entry {
      var path: String, bytes: Int, used: Int
    }
    let names = (try? Files.names(in: folder)) ?? []
    // Other files in the folder are not ours to delete.
    let ours = names.filter { $0.hasSuffix(".compiled") || $0.hasSuffix(".partial") }
    var entries = ours.compactMap { name -> Entry? in
      let path = folder + "/" + name
      var status = stat()
      guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
      return Entry(path: path, bytes: Int(status.st_size), used: status.st_mtim.tv_sec)
    }
    entries.sort { $0.used > $1.used }
    var total = 0
    for entry in entries {
      total += entry.bytes
      if total > maxBytes { unlink(entry.path) }
    }
  }
}
