import Images
import PoseRendering
import Stance
import Testing

@Suite("The tint of a mask")
struct MaskTintTests {
  let size = ImageSize(width: 3, height: 2)
  let image = plain(3, 2)
  /// Nobody in the picture but a mask: 0, half and sure, in both rows.
  var masked: Person {
    person([:], in: size, mask: Mask(size: size, values: [0, 128, 255, 255, 0, 1]))
  }

  @Test(
    "a sure pixel has the colour at full opacity, an unsure one a part of it, an empty one none")
  func blend() throws {
    let style = DrawingStyle(maskColor: Color(red: 255, green: 0, blue: 110), maskOpacity: 1)
    let drawn = try SkeletonRenderer(style: style).drawing([masked], on: image)
    #expect(drawn[0, 0] == grey && drawn[1, 1] == grey)
    #expect(drawn[2, 0] == Color(red: 255, green: 0, blue: 110))
    #expect(drawn[0, 1] == Color(red: 255, green: 0, blue: 110))
    // 128 / 255 of the way from (90, 100, 110).
    #expect(drawn[1, 0] == Color(red: 173, green: 50, blue: 110))
    #expect(drawn[2, 1] == Color(red: 91, green: 100, blue: 110))
  }

  @Test("mask opacity and the colour's own opacity multiply")
  func opacities() throws {
    let half = DrawingStyle(maskColor: .white, maskOpacity: 0.5)
    #expect(try SkeletonRenderer(style: half).drawing([masked], on: image)[2, 0].red == 173)
    let quarter = DrawingStyle(
      maskColor: Color(red: 255, green: 255, blue: 255, alpha: 128), maskOpacity: 0.5)
    #expect(try SkeletonRenderer(style: quarter).drawing([masked], on: image)[2, 0].red == 131)
    let none = DrawingStyle(maskColor: .white, maskOpacity: 0)
    #expect(try SkeletonRenderer(style: none).drawing([masked], on: image) == image)
  }

  @Test("without a mask colour, masks leave no trace")
  func withoutColor() throws {
    #expect(try SkeletonRenderer().drawing([masked], on: image) == image)
  }

  @Test("the skeleton lies over the tint")
  func order() throws {
    let size = ImageSize(width: 40, height: 40)
    let mask = Mask(size: size, values: [UInt8](repeating: 255, count: size.pixelCount))
    let someone = person([.nose: (20.5, 20.5)], in: size, mask: mask)
    let style = DrawingStyle(radius: 5, maskColor: Color("lime"), maskOpacity: 1)
    let drawn = try SkeletonRenderer(style: style).drawing([someone], on: plain(40, 40))
    #expect(drawn[20, 20] == .red)
    #expect(drawn[2, 2] == Color("lime"))
  }

  @Test("a mask of another size is an error that names both sizes, and nothing is drawn")
  func wrongSize() throws {
    let other = ImageSize(width: 7, height: 5)
    let stranger = person(
      [.nose: (1, 1)], in: size,
      mask: Mask(size: other, values: [UInt8](repeating: 255, count: other.pixelCount)))
    var drawn = image
    let renderer = SkeletonRenderer(style: DrawingStyle(maskColor: Color("lime")))
    let error = try #require(throws: RenderingError.self) {
      try renderer.draw([masked, stranger], on: &drawn)
    }
    #expect(error.code == .maskSizeMismatch)
    #expect(error.message.contains("7x5") && error.message.contains("3x2"))
    #expect(drawn == image)
  }
}
