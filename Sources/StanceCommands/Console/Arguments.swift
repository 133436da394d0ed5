import Files

extension CommandLine {
  /// The words after the program's own name, as paths: also those that are no UTF-8.
  package static var words: [String] {
    (0..<Int(argc)).dropFirst().compactMap { index in unsafeArgv[index].map { String(path: $0) } }
  }
}
