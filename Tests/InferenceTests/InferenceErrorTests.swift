import Testing

@testable import Inference

@Suite("What the runtime reports")
struct InferenceErrorTests {
  @Test("is told in its words, and forbidden machine code with what forbids it")
  func words() {
    #expect(InferenceError(runtimeSays: "no such layer").message == "OpenVINO: no such layer")
    let forbidden = InferenceError(runtimeSays: "can't protect").message
    #expect(forbidden.hasPrefix("OpenVINO: can't protect: "))
    #expect(forbidden.contains("MemoryDenyWriteExecute=") && !forbidden.contains("\n"))
  }
}
