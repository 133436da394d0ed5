import Foundation
import Images
import Testing

@Suite("Lying headers")
struct LyingHeaderTests {
  /// An AVIF of 945 bytes, made with libheif: its boxes say 64x64, its AV1 data is one grey of 9000x5000.
  private static let liar = """
    AAAAHGZ0eXBhdmlmAAAAAGF2aWZtaWYxbWlhZgAAAOptZXRhAAAAAAAAACFoZGxyAAAAAAAAAABwaWN0AAAAAAAAAAAA
    AAAAAAAAAA5waXRtAAAAAAABAAAAImlsb2MAAAAAREAAAQABAAAAAAEOAAEAAAAAAAACowAAACNpaW5mAAAAAAABAAAA
    FWluZmUCAAAAAAEAAGF2MDEAAAAAamlwcnAAAABLaXBjbwAAABNjb2xybmNseAACAAIABoAAAAAMYXYxQ4EfDAAAAAAU
    aXNwZQAAAAAAAABAAAAAQAAAABBwaXhpAAAAAAMICAgAAAAXaXBtYQAAAAAAAAABAAEEgYIDhAAAAqttZGF0EgAKCB/3
    IyecPwIQMpQFE5yAf///iABH9Q60Gxu6iWFFC2eNpVYkNYfDvhnkB5LHR9isRthKxvMcfo+q/Z10/ZBx9U/sWnJmQZ5S
    KyUdl59laykTSsbrtb60wWAJGrQ5R/UOtBsbuolhRQtnjaVWJDWHw74Z5AeSx0fYrEbYSsbzHH6Pqv2ddP2QcfVP7Fpy
    ZkGeUislHZefZWspE0rG67W+tMFgCRq0OUf1DrQbG7qJYUULZ42lViQ1h8O+GeQHksdH2KxG2ErG8xx+j6r9nXT9kHH1
    T+xacmZBnlIrJR2Xn2VrKRNKxuu1vrTBYAkatDlS9Q60Gxu6iWFFC2eNpVYkNYfDvhnkB5LHR9isRthKxvMcfo+q/ZvO
    El2sLaMlfkXit0aYSo36AYFQy/jCiyo2/r1YCduB0uo098d4SXCvAknMOIhT9Q60Gxu6iWFFC2eNpVYkNYfDvhnkB5LH
    R9isRthKxvMcfo+q/Z10/ZBx9U/sWnJmQZ5SKyUdl59laykTSsbrtb60wWAJGpzrTTcwJ+am84ZT+BPiU/UOtBsbuolh
    RQtnjaVWJDWHw74Z5AeSx0fYrEbYSsbzHH6Pqv2ddP2QcfVP7FpyZkGeUislHZefZWspE0rG67W+tMFgCRqc6003MCfm
    pvOGU/gT4lP1DrQbG7qJYUULZ42lViQ1h8O+GeQHksdH2KxG2ErG8xx+j6r9nXT9kHH1T+xacmZBnlIrJR2Xn2VrKRNK
    xuu1vrTBYAkanOtNNzAn5qbzhlP4E+L1DrQbG7qJYUULZ42lViQ1h8O+GeQHksdH2KxG2ErG8xx+j6r9m84SXawtoyV+
    ReK3RphKjfoBgVDL+MKLKjb+vVgJ24HS6jT3x3hJcK8CScNEQksByntCI2FAovHL
    """

  @Test("An AVIF whose data is larger than its header says is refused")
  func avif() throws {
    let data = try #require(Data(base64Encoded: Self.liar, options: .ignoreUnknownCharacters))
    let encoded = try EncodedImage(Array(data))
    let error = try #require(throws: ImageError.self) { try encoded.decode() }
    #expect(error.code == .corrupt, "\(error)")
  }
}
