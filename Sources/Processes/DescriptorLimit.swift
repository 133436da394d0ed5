import CProcesses

/// How many files and sockets this process may have open.
package enum DescriptorLimit {
  /// Raises the soft limit, commonly 1024 for the sake of programs that use select(2), to the hard one. Children are
  /// held to the common one by `ChildProcess`.
  ///
  /// - Returns: how many may be open now; nil when the system does not tell.
  package static func raise() -> Int? {
    let count = Int(clamping: stance_raise_descriptors())
    return count > 0 ? count : nil
  }
}
