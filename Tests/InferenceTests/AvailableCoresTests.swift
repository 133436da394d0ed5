import Testing

@testable import Inference

@Suite("Available cores")
struct AvailableCoresTests {
  private func cores(_ files: [String: String]) -> Int {
    InferenceRuntime.availableCores { files[$0] }
  }
  private let status = "Name:\tx\nCpus_allowed_list:\t0-3,8\n"

  @Test("are those of the affinity when no quota is set")
  func affinity() {
    #expect(cores(["/proc/self/status": status]) == 5)
    #expect(
      cores([
        "/proc/self/status": status, "/proc/self/cgroup": "0::/a\n",
        "/sys/fs/cgroup/a/cpu.max": "max 100000\n",
      ]) == 5)
  }

  @Test("are cut by the quota of any group on the way to the root")
  func unifiedQuota() {
    #expect(
      cores([
        "/proc/self/status": status, "/proc/self/cgroup": "0::/a/b\n",
        "/sys/fs/cgroup/a/cpu.max": "200000 100000\n",
      ]) == 2)
    #expect(
      cores([
        "/proc/self/status": status, "/proc/self/cgroup": "0::/\n",
        "/sys/fs/cgroup/cpu.max": "150000 100000\n",
      ]) == 2)
  }

  @Test("are cut by a quota of cgroup version 1")
  func legacyQuota() {
    #expect(
      cores([
        "/proc/self/status": status, "/proc/self/cgroup": "4:cpu,cpuacct:/docker/x\n",
        "/sys/fs/cgroup/cpu/docker/x/cpu.cfs_quota_us": "300000\n",
        "/sys/fs/cgroup/cpu/docker/x/cpu.cfs_period_us": "100000\n",
      ]) == 3)
    #expect(
      cores([
        "/proc/self/status": status, "/proc/self/cgroup": "4:cpu:/\n",
        "/sys/fs/cgroup/cpu/cpu.cfs_quota_us": "-1\n",
        "/sys/fs/cgroup/cpu/cpu.cfs_period_us": "100000\n",
      ]) == 5)
  }

  @Test("are never less than one, also where nothing can be read or a quota is a fraction")
  func atLeastOne() {
    #expect(cores([:]) == 1)
    #expect(cores(["/proc/self/status": "Cpus_allowed_list:\tnonsense\n"]) == 1)
    #expect(
      cores([
        "/proc/self/status": status, "/proc/self/cgroup": "0::/\n",
        "/sys/fs/cgroup/cpu.max": "5000 100000\n",
      ]) == 1)
  }
}

@Suite("Instruction sets")
struct InstructionSetsTests {
  @Test("are read off the flags of the processor, in the order of the list")
  func flags() {
    #expect(
      InferenceRuntime.instructionSets(in: "processor: 0\nflags\t\t: fpu amx_tile avx2 avx\n") == [
        "avx", "avx2", "amx_tile",
      ])
    #expect(
      InferenceRuntime.instructionSets(in: "Features\t: fp asimd bf16\n") == ["asimd", "bf16"])
    #expect(InferenceRuntime.instructionSets(in: "").isEmpty)
  }
}
