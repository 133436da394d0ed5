import CProcesses
import Glibc

/// A started program in a process group of its own: the group is killed and the child reaped, whatever happens.
struct RunningChild: ~Copyable {
  private let pid: pid_t
  /// Polls as readable once the child has ended; nil only while starting has failed half-way.
  private var handle: Descriptor?
  private var reaped = false

  /// What to poll for the child's end.
  var endDescriptor: Int32 { Descriptor.raw(of: handle) }

  private init(started pid: pid_t) {
    self.pid = pid
    handle = nil
  }

  /// Starts the program with these descriptors, as its 0, 1, 2 and so on, and no other. The caller keeps them open until this
  /// returns; only the first may have a number below 16.
  static func start(
    _ command: Command, descriptors: [Int32]
  ) throws(ProcessError) -> RunningChild {
    // Owned from here on: whatever fails next ends the child too.
    var child = RunningChild(started: try spawn(command, descriptors))
    // The program runs already: the limits are a net, not a sandbox.
    let memory = UInt64(command.limits.memory ?? 0)
    let seconds = UInt64(command.limits.processorSeconds ?? 0)
    // ESRCH: it has ended already.
    let niceness = Int32(command.limits.niceness ?? 0)
    guard stance_limit(child.pid, memory, seconds, niceness) == 0 || errno == ESRCH else {
      throw ProcessError("limit \(command.program)")
    }
    let handle = stance_pidfd_open(child.pid)
    guard handle >= 0 else { throw ProcessError("follow \(command.program)") }
    child.handle = Descriptor(owning: handle)
    return child
  }

  deinit {
    guard !reaped else { return }
    _ = Self.killAndReap(pid)
  }

  /// Kills the group, grandchildren included; the child is still to be waited for.
  borrowing func kill() { _ = Glibc.kill(-pid, SIGKILL) }

  /// Kills the group, grandchildren included, and waits for the child.
  ///
  /// - Throws: when the child's status was lost, because this process ignores SIGCHLD or waits for every child.
  consuming func end() throws(ProcessError) -> ChildStatus {
    reaped = true
    guard let status = Self.killAndReap(pid) else { throw ProcessError("wait for a child") }
    let signal = status & 0x7f
    return signal == 0 ? .exited(status >> 8 & 0xff) : .signalled(signal)
  }

  private static func killAndReap(_ pid: pid_t) -> Int32? {
    // Not reaped yet, so the number of the group can't have gone to another.
    _ = Glibc.kill(-pid, SIGKILL)
    var status: Int32 = 0
    while waitpid(pid, &status, 0) < 0 {
      if errno != EINTR { return nil }
    }
    return status
  }

  private static func spawn(_ command: Command, _ table: [Int32]) throws(ProcessError) -> pid_t {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    var trouble: Int32 = 0
    for (number, source) in table.enumerated() where trouble == 0 {
      trouble = posix_spawn_file_actions_adddup2(&actions, source, Int32(number))
    }
    if trouble == 0 { trouble = stance_close_from(&actions, Int32(table.count)) }
    guard trouble == 0 else { throw ProcessError("prepare \(command.program)", code: trouble) }

    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    // An ignored signal and the mask are inherited by a program: give it the usual ones.
    var none = sigset_t()
    var defaults = sigset_t()
    sigemptyset(&none)
    sigemptyset(&defaults)
    for signal in [SIGPIPE, SIGXFSZ, SIGINT, SIGTERM, SIGHUP, SIGCHLD] {
      sigaddset(&defaults, signal)
    }
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setsigdefault(&attributes, &defaults)
    posix_spawnattr_setpgroup(&attributes, 0)
    posix_spawnattr_setflags(
      &attributes,
      Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK))

    var pid: pid_t = 0
    let code = withCStrings([command.program] + command.arguments) { arguments in
      withCStrings(command.environment) { environment in
        posix_spawnp(&pid, command.program, &actions, &attributes, arguments, environment)
      }
    }
    guard code == 0 else { throw ProcessError("start \(command.program)", code: code) }
    return pid
  }
}

/// `strings` as a null-terminated C array, valid during `body`.
private func withCStrings<Result>(
  _ strings: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> Result
) -> Result {
  let pointers = strings.map { strdup($0) } + [nil]
  defer { for pointer in pointers { free(pointer) } }
  return body(pointers)
}
