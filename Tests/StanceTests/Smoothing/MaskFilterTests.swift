import Images
import Testing

@testable import Stance

@Suite("Blended masks")
struct MaskFilterTests {
  private static func mask(_ values: [UInt8]) -> Mask {
    Mask(size: ImageSize(width: values.count, height: 1), values: values)
  }

  @Test("the first one is shown as it is")
  func first() {
    var filter = MaskFilter()
    #expect(filter.filter(Self.mask([0, 77, 128, 255])).values == [0, 77, 128, 255])
  }

  @Test("the surer a pixel is, the less the last mask counts")
  func certainty() {
    func shown(_ value: UInt8) -> Int {
      var filter = MaskFilter()
      _ = filter.filter(Self.mask([255]))
      return Int(filter.filter(Self.mask([value])).values[0])
    }
    #expect(shown(0) == 0 && shown(255) == 255)
    let raised = (0...127).map { shown(UInt8($0)) - $0 }
    // To the rounding to bytes.
    for (surer, next) in zip(raised, raised.dropFirst()) { #expect(next >= surer - 1) }
    // Half sure: 0.7 of the way from 127.5.
    #expect(abs(shown(128) - 217) <= 1)
  }

  @Test("a picture of another size begins anew")
  func otherSize() {
    var filter = MaskFilter()
    _ = filter.filter(Self.mask([255, 255]))
    #expect(filter.filter(Self.mask([128, 128, 128])).values == [128, 128, 128])
    #expect(filter.filter(Self.mask([128, 128, 128])).values == [128, 128, 128])
  }
}
