import Testing

@testable import StanceCommands

@Suite("What other users see of the command line")
struct ArgumentSecretsTests {
  @Test(
    "Users, passwords and queries of addresses are overwritten, and nothing else",
    arguments: [
      ("rtsp://bob:s3cret@cam:554/x", "rtsp://**********@cam:554/x"),
      ("http://cam/x?key=1", "http://cam/x?*****"),
      ("http://b:p/a@q@cam/x?k", "http://*****@*@cam/x?*"),
      ("dance@home.mp4", "dance@home.mp4"), ("what?.mp4", "what?.mp4"), ("", ""),
      ("http://cam/x", "http://cam/x"),
    ])
  func hidden(word: String, shown: String) {
    var bytes = Array(word.utf8)
    for place in CommandLine.secrets(in: bytes) { bytes[place] = UInt8(ascii: "*") }
    #expect(String(decoding: bytes, as: UTF8.self) == shown)
  }
}
