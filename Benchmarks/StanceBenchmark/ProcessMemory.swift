import Files

/// This process's memory as the kernel counts it, in MB of 10^6 bytes.
struct ProcessMemory {
  /// Resident now.
  let resident: Double
  /// The most that was ever resident.
  let peak: Double
  /// The part of what is resident that is no file's: heap and stacks.
  let anonymous: Double

  init() throws {
    let status = String(
      decoding: try Files.read("/proc/self/status", limit: 1 << 20), as: UTF8.self)
    func field(_ name: String) -> Double {
      let line = status.split(separator: "\n").first { $0.hasPrefix(name + ":") }
      let kibibytes = line?.split(whereSeparator: \.isWhitespace).dropFirst().first
      return (kibibytes.flatMap { Double($0) } ?? 0) * 1024 / 1e6
    }
    resident = field("VmRSS")
    peak = field("VmHWM")
    anonymous = field("RssAnon")
  }

  /// The same as a line.
  var report: ReportLine {
    var line = ReportLine()
    line.add("resident", resident)
    line.add("peak", peak)
    line.add("anonymous", anonymous)
    return line
  }
}
