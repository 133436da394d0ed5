import Files

extension InferenceRuntime {
  /// The cores that this process may use: its affinity and the quotas of its cgroups, at least 1.
  ///
  /// In a container the hardware may show 64 cores where a quota allows two: 64 threads would then be stopped most of the time.
  public static let availableCores: Int = availableCores { path in
    (try? Files.read(path, limit: 1 << 20)).map { String(decoding: $0, as: UTF8.self) }
  }

  static func availableCores(reading read: (String) -> String?) -> Int {
    let affinity = read("/proc/self/status").flatMap(allowedCores(inStatus:)) ?? 1
    let limits = read("/proc/self/cgroup").map { quotas(ofGroups: $0, reading: read) } ?? []
    return limits.reduce(affinity) { min($0, max(1, Int($1.rounded(.up)))) }
  }

  /// How many cores "Cpus_allowed_list: 0-3,8" names.
  static func allowedCores(inStatus status: String) -> Int? {
    guard
      let line = status.split(separator: "\n").first(where: { $0.hasPrefix("Cpus_allowed_list:") })
    else { return nil }
    let ranges = line.dropFirst("Cpus_allowed_list:".count)
      .split(whereSeparator: { $0 == "," || $0 == " " || $0 == "\t" })
    let count = ranges.reduce(0) { sum, range in
      let ends = range.split(separator: "-").compactMap { Int($0) }
      guard let first = ends.first, let last = ends.last, last >= first else { return sum }
      return sum + last - first + 1
    }
    return count > 0 ? count : nil
  }

  /// Cores by the quota of each group on the way to the root: `cpu.max` (cgroup 2) or `cpu.cfs_quota_us` (1).
  private static func quotas(ofGroups groups: String, reading read: (String) -> String?) -> [Double]
  {
    groups.split(separator: "\n").flatMap { line -> [Double] in
      let fields = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
      guard fields.count == 3 else { return [] }
      let unified = fields[1].isEmpty
      guard unified || fields[1].split(separator: ",").contains("cpu") else { return [] }
      let root = unified ? "/sys/fs/cgroup" : "/sys/fs/cgroup/cpu"
      return pathsToRoot(String(fields[2])).compactMap { group in
        unified
          ? read(root + group + "/cpu.max").flatMap(quota(inMax:))
          : quota(
            microseconds: read(root + group + "/cpu.cfs_quota_us"),
            period: read(root + group + "/cpu.cfs_period_us"))
      }
    }
  }

  /// "/a/b" → "/a/b", "/a", "".
  private static func pathsToRoot(_ group: String) -> [String] {
    var parts = group.split(separator: "/")
    var paths: [String] = []
    while !parts.isEmpty {
      paths.append("/" + parts.joined(separator: "/"))
      parts.removeLast()
    }
    return paths + [""]
  }

  /// "200000 100000" → 2; "max 100000" → nil.
  private static func quota(inMax text: String) -> Double? {
    let words = text.split(whereSeparator: \.isWhitespace)
    guard words.count == 2 else { return nil }
    return quota(microseconds: String(words[0]), period: String(words[1]))
  }

  private static func quota(microseconds: String?, period: String?) -> Double? {
    func number(_ text: String?) -> Double? {
      text.flatMap { Double($0.filter { !$0.isWhitespace }) }
    }
    guard let quota = number(microseconds), let period = number(period), quota > 0, period > 0
    else { return nil }
    return quota / period
  }
}
