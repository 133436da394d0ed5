import Glibc

/// The three streams that a process starts with.
package enum StandardStreams {
  /// Fills the places of streams that the process was started without.
  ///
  /// Else the next file that is opened would get such a number, and output would go into it. What fills a place can
  /// be neither read (0) nor written (1, 2): who tries gets the error that a closed stream gives.
  package static func fillGaps() {
    for number: Int32 in 0...2 where fcntl(number, F_GETFD) < 0 {
      // The lowest free number is this one. Nobody can be told when it fails, and nothing is lost.
      _ = open("/dev/null", number == 0 ? O_WRONLY : O_RDONLY)
    }
  }
}
