import Files
import Glibc

/// What the kernel knows of this process (proc(5)), as metrics with Prometheus' customary names.
package enum ProcessStatistics {
  /// Memory, processor time, open files, start.
  package static let metrics: [any Metric] = [
    Gauge("process_resident_memory_bytes", "Resident memory size in bytes.") { residentBytes },
    Gauge(
      "process_cpu_seconds_total", "User and system CPU time spent in seconds.", isCounter: true
    ) { cpuSeconds },
    Gauge("process_open_fds", "Number of open file descriptors.") { openFiles },
    Gauge("process_start_time_seconds", "Start time of the process since the epoch in seconds.") {
      startTime
    },
  ]

  /// Memory in use; nil where /proc can't be read.
  package static var residentBytes: Double? {
    fields("/proc/self/statm").flatMap { $0.count > 1 ? Double($0[1]) : nil }
      .map { $0 * Double(sysconf(Int32(_SC_PAGESIZE))) }
  }

  private static var cpuSeconds: Double? {
    var time = timespec()
    guard clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time) == 0 else { return nil }
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }

  private static var openFiles: Double? {
    // A process without /proc has no number to give.
    (try? Files.names(in: "/proc/self/fd")).map { Double($0.count) }
  }

  /// Taken once, at the first use.
  private static let startTime: Double? = {
    // After the name in parentheses, which may hold spaces, the 20th field counts clock ticks from boot.
    guard let stat = text("/proc/self/stat"), let close = stat.lastIndex(of: ")") else {
      return nil
    }
    let fields = stat[close...].split(separator: " ")
    guard fields.count > 20, let ticks = Double(fields[20]),
      let boot = text("/proc/stat")?.split(separator: "\n").first(where: { $0.hasPrefix("btime ") }
      ),
      let seconds = Double(boot.dropFirst(6))
    else { return nil }
    return seconds + ticks / Double(sysconf(Int32(_SC_CLK_TCK)))
  }()

  private static func fields(_ path: String) -> [Substring]? { text(path)?.split(separator: " ") }

  private static func text(_ path: String) -> String? {
    // These numbers are extras: where they can't be read they are left out.
    (try? Files.read(path, limit: 1 << 20)).map { String(decoding: $0, as: UTF8.self) }
  }
}
