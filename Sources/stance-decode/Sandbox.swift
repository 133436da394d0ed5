import CSandbox
import Glibc
import PictureDecoders

/// What this process gives up before it meets bytes of strangers. What the kernel can't do is left out; `About` tells.
enum Sandbox {
  /// For this process itself: no new rights, no file, no socket, no other program.
  static func confine() {
    _ = forbidNewPrivileges()
    _ = forbidFiles()
    _ = keepComputingOnly()
  }

  /// Each of these says whether the kernel took it.
  static func forbidNewPrivileges() -> Bool { stance_forbid_new_privileges() == 0 }

  static func forbidFiles() -> Bool {
    let none: [UnsafePointer<CChar>?] = [nil]
    return stance_landlock_restrict(none, none, none, none) == 0
  }

  static func keepComputingOnly() -> Bool { stance_seccomp_keep_computing_only() == 0 }

  /// What a program that is executed next may do besides reading libraries.
  struct Rights {
    /// Files to read.
    var files: [String] = []
    /// Files to write and read.
    var written: [String] = []
    /// Devices to read, write and control.
    var devices: [String] = []
    /// Whether it may connect to other machines.
    var network = false
    /// Whether it is killed when the thread that started it ends.
    var endsWithParent = false
  }

  /// Becomes `program`, with these rights: to read libraries and the program's own folder, to execute the program
  /// itself and its loader, to open again the pipes that it was given, and `rights`. Returns only by throwing.
  ///
  /// That a program can be executed again does no harm: it inherits all of this.
  static func execute(
    _ program: String, _ arguments: [String], with rights: Rights
  ) throws(Failure) {
    guard access(program, X_OK) == 0 else {
      throw Failure(.missingProgram, String(cString: strerror(errno)))
    }
    _ = forbidNewPrivileges()
    if rights.endsWithParent { _ = stance_end_with_parent() }
    let files = readable(by: program) + rights.files + (rights.network ? nameAndTrustFiles : [])
    withCStrings(files) { readable in
      withCStrings(rights.written) { writable in
        withCStrings([program] + loaders) { executable in
          withCStrings(rights.devices) { devices in
            _ = stance_landlock_restrict(
              readable.map { UnsafePointer($0) }, writable.map { UnsafePointer($0) },
              executable.map { UnsafePointer($0) }, devices.map { UnsafePointer($0) })
          }
        }
      }
    }
    _ = rights.network ? stance_seccomp_allow_connecting() : stance_seccomp_forbid_network()
    let error = withCStrings([program] + arguments) { words in
      execv(program, words)
      return errno
    }
    let isShortage = [ENOMEM, EAGAIN, EMFILE, ENFILE].contains(error)
    throw Failure(isShortage ? .noResources : .missingProgram, String(cString: strerror(error)))
  }

  private static let loaders = [
    "/lib64/ld-linux-x86-64.so.2", "/lib/ld-linux-aarch64.so.1",
  ]

  /// What looking up names and checking certificates takes.
  private static let nameAndTrustFiles = [
    "/etc/resolv.conf", "/etc/hosts", "/etc/nsswitch.conf", "/etc/host.conf", "/etc/gai.conf",
    "/etc/services", "/etc/ssl/certs", "/etc/gnutls", "/usr/share/ca-certificates",
  ]

  /// Where programs' libraries lie, the program's own among them.
  private static func readable(by program: String) -> [String] {
    let folder = program.lastIndex(of: "/").map { String(program[..<$0]) } ?? "."
    return [
      "/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/local/lib", "/etc/ld.so.cache",
      "\(folder)/../lib",
    ]
  }
}

/// `strings` as a null-terminated C array, valid during `body`.
private func withCStrings<Result>(
  _ strings: some Sequence<String>, _ body: ([UnsafeMutablePointer<CChar>?]) -> Result
) -> Result {
  let pointers = strings.map { strdup($0) } + [nil]
  defer { for pointer in pointers { free(pointer) } }
  return body(pointers)
}
