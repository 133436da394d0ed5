import Glibc

/// What a measuring process is told: a line on standard input, answered by one line.
///
/// `go SECONDS` measures for so long, `count N` until there are so many answers, `memory` tells the process's own. It
/// ends with its input.
struct Orders {
  var go: (Duration) throws -> ReportLine
  var count: ((Int) throws -> ReportLine)?

  func obey() throws {
    print("ready")
    fflush(nil)
    while let line = readLine() {
      try report(line.split(separator: " ")).write()
    }
  }

  private func report(_ words: [Substring]) throws -> ReportLine {
    let number = words.dropFirst().first.flatMap { Double($0) }
    switch (words.first, number) {
    case ("go", let seconds?): return try go(.seconds(seconds))
    case ("count", let number?): if let count { return try count(Int(number)) }
    case ("memory", nil): return try ProcessMemory().report
    default: break
    }
    throw Arguments.UsageError("told \"\(words.joined(separator: " "))\"")
  }
}
