import Images
import PoseRendering
import Stance
import TestSupport
import Testing

@Suite("The background of people")
struct BackgroundTests {
  let size = ImageSize(width: 120, height: 80)
  let bare = DrawingStyle(showsJoints: false, showsBones: false)

  /// Somebody with nothing but a mask: sure within the columns, half sure one column beside them.
  func someone(_ columns: Range<Int>, in size: ImageSize) -> Person {
    let values = (0..<size.pixelCount).map { index -> UInt8 in
      let x = index % size.width
      if columns.contains(x) { return 255 }
      return columns.contains(x - 1) || columns.contains(x + 1) ? 128 : 0
    }
    return person([:], in: size, mask: Mask(size: size, values: values))
  }

  func replaced(
    _ background: Background, _ people: [Person], on image: Image
  ) throws -> Image {
    var style = bare
    style.background = background
    return try SkeletonRenderer(style: style).drawing(people, on: image)
  }

  @Test("words and colours are read and written")
  func texts() {
    #expect(Background("blur") == .blur && Background("NONE") == .transparent)
    #expect(Background("#102030") == .color(Color(red: 16, green: 32, blue: 48)))
    #expect(Background("teal").flatMap { Background($0.description) } == Background("teal"))
    for text in ["", "blurry", "#12", "transparent"] { #expect(Background(text) == nil) }
  }

  @Test(
    "a colour takes the place of what is nobody, people keep every pixel, and the edge is between")
  func color() throws {
    let image = Image.pattern(width: 120, height: 80)
    let people = [someone(20..<40, in: size), someone(70..<90, in: size)]
    let green = Color(red: 0, green: 200, blue: 10)
    let drawn = try replaced(.color(green), people, on: image)
    for (x, y) in [(0, 0), (119, 0), (0, 79), (119, 79), (55, 40)] { #expect(drawn[x, y] == green) }
    for x in [20, 30, 39, 70, 89] {
      for y in [0, 40, 79] { #expect(drawn[x, y] == image[x, y], "(\(x), \(y))") }
    }
    #expect(drawn[40, 40] != green && drawn[40, 40] != image[40, 40])
  }

  @Test("a translucent colour lies over the background")
  func translucent() throws {
    let half = Color(red: 0, green: 0, blue: 0, alpha: 128)
    let drawn = try replaced(.color(half), [someone(20..<40, in: size)], on: plain(120, 80))
    #expect(drawn[100, 40] == Color(red: 45, green: 50, blue: 55))
    #expect(drawn[30, 40] == grey)
  }

  @Test("where nobody is found, or nobody has a mask, all is background")
  func nobody() throws {
    let image = Image.pattern(width: 120, height: 80)
    for people in [[], [person([:], in: size)]] {
      #expect(
        try replaced(.color(.white), people, on: image).changes(from: plain(120, 80, .white))
          .isEmpty)
      let cutOut = try SkeletonRenderer(style: bare).cutOut(people, from: image)
      #expect(cutOut.withPixels { $0.allSatisfy { $0 == 0 } })
    }
  }

  @Test("skeletons are drawn over the background, outside the masks too")
  func skeletonOnTop() throws {
    var someone = person([.leftShoulder: (20.5, 40.5), .leftElbow: (100.5, 40.5)], in: size)
    someone.mask = self.someone(10..<30, in: size).mask
    let style = DrawingStyle(thickness: 4, radius: 6, background: Background("blue"))
    let drawn = try SkeletonRenderer(style: style).drawing([someone], on: plain(120, 80))
    #expect(drawn[60, 40] == .white && drawn[100, 40] == .red)
    #expect(drawn[60, 10] == Color("blue") && drawn[15, 10] == grey)
  }

  // MARK: - Blur

  @Test("a blur has nothing of people's colours, flattens what was there, and leaves people sharp")
  func blur() throws {
    let size = ImageSize(width: 300, height: 200)
    // Stripes one pixel wide, and a red person amid them.
    var bytes: [UInt8] = []
    for index in 0..<size.pixelCount {
      let x = index % size.width
      bytes +=
        (99..<161).contains(x)
        ? [0, 0, 255, 255] : x % 2 == 0 ? [80, 80, 80, 255] : [120, 120, 120, 255]
    }
    let image = Image(size: size, bgrx: bytes)
    let drawn = try replaced(.blur, [someone(100..<160, in: size)], on: image)
    for y in stride(from: 0, to: 200, by: 7) {
      for x in [0, 1, 50, 90, 97, 98, 161, 162, 170, 250, 299] {
        let color = drawn[x, y]
        #expect((97...103).contains(color.red) && color.red == color.blue, "(\(x), \(y)): \(color)")
      }
      #expect(drawn[100, y] == image[100, y] && drawn[130, y] == image[130, y])
    }
    #expect(try replaced(.blur, [someone(100..<160, in: size)], on: image) == drawn)
  }

  @Test("a blur is as strong as the picture is large, and takes every size of picture")
  func blurSizes() throws {
    for (width, height) in [(1, 1), (1, 90), (500, 2), (33, 47), (640, 361)] {
      let size = ImageSize(width: width, height: height)
      let even = try replaced(.blur, [], on: plain(width, height))
      #expect(
        even.changes(from: plain(width, height)).allSatisfy {
          abs(Int(even[$0.x, $0.y].red) - Int(grey.red)) <= 1
        })
      let full = person(
        [:], in: size,
        mask: Mask(size: size, values: [UInt8](repeating: 255, count: size.pixelCount)))
      let image = Image.pattern(width: width, height: height)
      #expect(try replaced(.blur, [full], on: image) == image)
    }
    // A dot of 8 px is not to be seen any more in 640 x 360.
    var bytes = [UInt8](repeating: 100, count: 4 * 640 * 360)
    for y in 100..<108 {
      for x in 100..<108 { for part in 0..<3 { bytes[4 * (y * 640 + x) + part] = 255 } }
    }
    let size = ImageSize(width: 640, height: 360)
    let drawn = try replaced(.blur, [], on: Image(size: size, bgrx: bytes))
    #expect(drawn[104, 104].red < 115)
  }

  // MARK: - Transparency

  @Test("cut out, people keep their colours, and what is nobody has neither opacity nor colour")
  func cutOut() throws {
    let image = Image.pattern(width: 120, height: 80)
    let drawn = try SkeletonRenderer(style: bare).cutOut([someone(20..<40, in: size)], from: image)
    drawn.withPixels { pixels in
      image.withPixels { original in
        for index in 0..<size.pixelCount {
          let bytes = (0..<4).map { pixels[4 * index + $0] }
          switch index % size.width {
          case 20..<40: #expect(bytes == (0..<3).map { original[4 * index + $0] } + [255])
          case 19, 40:
            #expect((1...254).contains(bytes[3]))
            // Eight bits of premultiplied colour lose a little.
            for part in 0..<3 {
              #expect(abs(Int(bytes[part]) - Int(original[4 * index + part])) <= 2)
            }
          default: #expect(bytes == [0, 0, 0, 0])
          }
        }
      }
    }
  }

  @Test("bones and joints are opaque where all else is transparent")
  func opaqueSkeleton() throws {
    var someone = person([.leftShoulder: (20.5, 40.5), .leftElbow: (100.5, 40.5)], in: size)
    someone.mask = self.someone(10..<30, in: size).mask
    let style = DrawingStyle(thickness: 4, radius: 6)
    let drawn = try SkeletonRenderer(style: style).cutOut([someone], from: plain(120, 80))
    func pixel(_ x: Int, _ y: Int) -> [UInt8] {
      drawn.withPixels { pixels in (0..<4).map { pixels[4 * (y * 120 + x) + $0] } }
    }
    #expect(pixel(60, 40) == [255, 255, 255, 255])
    #expect(pixel(100, 40) == [0, 0, 255, 255])
    #expect(pixel(60, 10) == [0, 0, 0, 0])
  }

  @Test("a picture that can't be transparent is an error, and so is a mask of another size")
  func errors() throws {
    let image = plain(120, 80)
    let error = try #require(throws: RenderingError.self) {
      try replaced(.transparent, [], on: image)
    }
    #expect(error.code == .noTransparency)
    let stranger = someone(1..<2, in: ImageSize(width: 7, height: 5))
    for background in [Background.blur, .color(.white)] {
      let error = try #require(throws: RenderingError.self) {
        try replaced(background, [stranger], on: image)
      }
      #expect(error.code == .maskSizeMismatch)
    }
    #expect(throws: RenderingError.self) {
      try SkeletonRenderer().cutOut([stranger], from: image)
    }
  }
}
