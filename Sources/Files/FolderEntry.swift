import Glibc

/// How much is listed of a folder.
package struct FolderLimits: Sendable, Hashable {
  /// Files, folders and all else that is met.
  package var maxEntries = 100_000
  /// Folders within folders; what lies deeper is refused.
  package var maxDepth = 32

  /// The defaults.
  package init() {}
}

/// A file in an ``AllowedFolder``, or something there that was refused.
package struct FolderEntry: Sendable, Hashable {
  /// What the refusal is for, for people.
  package enum Refusal: Sendable, Hashable, CustomStringConvertible {
    case link, device, pipe, tooDeep(limit: Int), unreadable(String)

    package var description: String {
      switch self {
      case .link: "is a link, which is not followed"
      case .device: "is a device"
      case .pipe: "is a pipe or a socket"
      case .tooDeep(let limit): "lies in more than \(limit) folders"
      case .unreadable(let reason): "can't be read: \(reason)"
      }
    }
  }

  /// Relative to the allowed folder, for ``AllowedFolder/open(_:)``.
  package let path: String
  /// The same for people, which no other entry of the listing has: UTF-8 or GB18030, else "entry-17" by its place from 1;
  /// control characters are U+FFFD.
  package let name: String
  /// Bytes, when it was listed.
  package let size: Int
  /// Why it can't be read; nil for a file.
  package let refusal: Refusal?
}

/// Why an ``AllowedFolder`` does not give what was asked for. No text names a path outside it.
package struct AllowedFolderError: Error, Sendable, Hashable, CustomStringConvertible {
  /// What went wrong.
  package enum Reason: Sendable, Hashable {
    /// The path is absolute or has "..".
    case outside
    case link, notFound, notRegular, notFolder
    case tooManyEntries(limit: Int)
    case oldKernel
    case system(code: Int32)

    var text: String {
      switch self {
      case .outside: "no path within the folder: it must be relative, without \"..\""
      case .link: "is or crosses a link, which is not followed"
      case .notFound: "no such file or folder"
      case .notRegular: "is no ordinary file"
      case .notFolder: "is no folder"
      case .tooManyEntries(let limit): "more than \(limit) files and folders"
      case .oldKernel:
        "folders need Linux 5.6 or later, and a filter of system calls that lets openat2 pass"
      case .system(let code): String(cString: strerror(code))
      }
    }
  }

  /// The path that was given.
  package let path: String
  /// What went wrong with it.
  package let reason: Reason

  package var description: String { "\(path.shownPath): \(reason.text)" }

  init(_ path: String, _ reason: Reason) {
    self.path = path
    self.reason = reason
  }

  init(_ path: String, code: Int32) {
    let reason: Reason =
      switch code {
      case EXDEV: .outside
      case ELOOP: .link
      case ENOENT: .notFound
      case ENOTDIR: .notFolder
      // A socket, or a device without its driver.
      case ENXIO, ENODEV: .notRegular
      case ENOSYS: .oldKernel
      default: .system(code: code)
      }
    self.init(path, reason)
  }

  init(_ path: String, _ error: FileError) {
    switch error.reason {
    case .system(let code): self.init(path, code: code)
    case .notFound: self.init(path, .notFound)
    case .isDirectory, .notOrdinary, .tooLarge: self.init(path, .notRegular)
    }
  }
}
