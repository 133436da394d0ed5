import Foundation
import Images
import Stance
import TestSupport
import Testing

@Suite(
  "People search", .serialized,
  .enabled(if: Requirements.goldens, "\(Requirements.missingGoldens)"))
struct PeopleSearchTests {
  @Test(
    "finds small people whom one look misses, surest first",
    arguments: [.auto, .thorough] as [SearchMode])
  func smallPeople(search: SearchMode) throws {
    let image = try TestData.image("photos/cocov_000192.jpg")
    let found = try result(image, PoseOptions(search: search)).people
    #expect(try result(image, PoseOptions(search: .quick)).people.isEmpty)
    #expect(found.count >= (search == .thorough ? 2 : 1))
    #expect(found.map(\.confidence) == found.map(\.confidence).sorted(by: >))
  }

  @Test("is content with one look where that shows one large, sure person")
  func enough() throws {
    let image = try TestData.image("parity/tfpose_p1.png")
    let quick = try result(image, PoseOptions(search: .quick))
    #expect(quick.people.count == 1)
    #expect(try result(image, PoseOptions(search: .auto)).people == quick.people)
    #expect(try result(image, PoseOptions(search: .thorough)).people != quick.people)
  }

  @Test("of one person seen at many scales it returns one")
  func onePerson() throws {
    let image = try TestData.image("parity/tfjs_pose.png")
    #expect(try result(image, PoseOptions(search: .thorough)).people.count == 1)
  }

  @Test(
    "two people one in front of the other stay two", arguments: [.auto, .thorough] as [SearchMode])
  func closePeople(search: SearchMode) throws {
    let image = try TestData.image("photos/crowdpose_103319.jpg")
    let people = try result(image, PoseOptions(complexity: .heavy, search: search)).people
    #expect(people.count == 2)
  }

  @Test(
    "the thresholds of a quick search do not change another",
    arguments: [SearchMode.auto, .thorough])
  func thresholds(search: SearchMode) throws {
    let image = try TestData.image("photos/tfjs_three_people.jpg")
    let people = try [Float(0.05), 0.99].map { threshold in
      try result(
        image,
        PoseOptions(
          minDetectionConfidence: threshold, minTrackingConfidence: threshold, search: search)
      ).people
    }
    #expect(people[0] == people[1])
  }

  @Test("says how many people of a crowd it found, and returns the surest")
  func crowd() throws {
    let image = try TestData.image("photos/pt18_012834.jpg")
    let all = try result(image, PoseOptions(search: .thorough))
    #expect(all.people.count >= 3 && all.peopleFound == all.people.count)
    let two = try result(image, PoseOptions(maxPeople: 2, search: .thorough))
    #expect(two.people == Array(all.people.prefix(2)))
    #expect(two.peopleFound == all.people.count)
  }

  @Test("an empty picture has nobody in it", arguments: SearchMode.allCases)
  func nobody(search: SearchMode) throws {
    let grey = [UInt8](repeating: 128, count: 180_000)
    // Little contrast: looked at once more, stretched.
    let gradient = grey.indices.map { UInt8(20 + $0 % 900 / 30) }
    for pixels in [grey, gradient] {
      let image = Image(size: ImageSize(width: 300, height: 200), rgb: pixels)
      let result = try result(image, PoseOptions(search: search))
      #expect(result.people.isEmpty && result.peopleFound == 0)
    }
  }

  @Test("finds a person in a photo of three hundredths of its brightness")
  func dark() throws {
    let image = try TestData.image("parity/coco_000785.png")
    let dark = Image(
      size: image.size, bgrx: image.withPixels { $0.map { UInt8((Float($0) * 0.03).rounded()) } })
    #expect(try result(dark, PoseOptions(search: .quick)).people.isEmpty)
    let found = try #require(try result(dark, PoseOptions(search: .auto)).people.first)
    let bright = try #require(try result(image, PoseOptions(search: .auto)).people.first)
    // A tenth of the body: what is left of the photo is seven grey levels.
    #expect(distance(bright, found, in: image.size) < 0.1 * bright.box.height)
  }

  // MARK: Turned pictures

  @Test(
    "finds the same people in a turned picture, landmarks turned with it",
    arguments: ["coco_000785.png", "tfpose_p1.png", "mpii_052475643.png"], [1, 2, 3])
  func turned(file: String, quarters: Int) throws {
    let options = PoseOptions(complexity: .heavy, search: .thorough)
    let image = try TestData.image("parity/\(file)")
    let upright = try result(image, options).people
    #expect(upright.count == (file.hasPrefix("mpii") ? 2 : 1))
    let turned = try result(image.turned(quarters), options).people
    #expect(turned.count == upright.count)
    for person in upright {
      let nearest = turned.map { distance(person, $0.turnedBack(quarters), in: image.size) }.min()
      #expect(try #require(nearest) < 0.05 * max(person.box.width, person.box.height))
    }
  }

  @Test(
    "finds small people of a turned crowd by their boxes in the turned view", arguments: [1, 3])
  func turnedCrowd(quarters: Int) throws {
    let image = try TestData.image("photos/pt18_012834.jpg").turned(quarters)
    let people = try result(image, PoseOptions(search: .auto)).people
    let lying = people.count { person in
      let (nose, hip) = (person.landmarks[.nose], person.landmarks[.leftHip])
      let (x, y) = (hip.x - nose.x, hip.y - nose.y)
      return abs(x) * Float(image.size.width) > abs(y) * Float(image.size.height)
    }
    #expect(lying >= 2)
  }

  @Test("a doll that hangs upside down in an upright picture is nobody")
  func figurine() throws {
    let image = try TestData.image("photos/none_figurines.jpg")
    #expect(try result(image, PoseOptions(search: .auto)).people.isEmpty)
  }

  // MARK: Regions

  @Test("looks only in the regions that are given", arguments: SearchMode.allCases)
  func regions(search: SearchMode) throws {
    let image = try TestData.image("parity/mpii_052475643.png")
    let everybody = try result(image, PoseOptions(search: .thorough)).people
    #expect(everybody.count == 2)
    for person in everybody {
      let box = person.box
      let region = PixelBox(
        x: box.x - 10, y: box.y - 10, width: box.width + 20, height: box.height + 20)
      let found = try result(image, PoseOptions(search: search, regions: [region])).people
      #expect(found.count == 1)
      #expect(try distance(person, #require(found.first), in: image.size) < 0.1 * box.height)
    }
    let corner = PixelBox(x: 0, y: 0, width: 60, height: 60)
    #expect(try result(image, PoseOptions(search: search, regions: [corner])).people.isEmpty)
    let everywhere = PixelBox(x: -100, y: -1000, width: 5000, height: 5000)
    #expect(
      try result(image, PoseOptions(search: search, regions: [everywhere])).people.count == 2)
    // Overlapping regions that both show everybody take nobody's place.
    let twice = [everywhere, PixelBox(x: 1, y: 1, width: 4000, height: 4000)]
    let two = try result(image, PoseOptions(maxPeople: 2, search: search, regions: twice))
    #expect(two.people.count == 2 && two.peopleFound == 2)
    let both = everybody.map(\.box)
    #expect(try result(image, PoseOptions(search: search, regions: both)).people.count == 2)
  }

  @Test("finds the person who fills a region", arguments: SearchMode.allCases)
  func filledRegion(search: SearchMode) throws {
    let image = try TestData.image("photos/human_group2.jpg")
    let region = PixelBox(x: 940, y: 100, width: 230, height: 700)
    let people = try result(image, PoseOptions(search: search, regions: [region])).people
    let hips = try #require(people.first).landmarks.pixels(in: image.size)[.leftHip]
    #expect((940...1170).contains(hips.x) && (100...800).contains(hips.y))
  }

  @Test("a region outside the picture or without area is refused by name")
  func badRegions() throws {
    let image = try TestData.image("parity/coco_000785.png")
    for region in [
      PixelBox(x: Float(image.width), y: 0, width: 10, height: 10),
      PixelBox(x: -10, y: 0, width: 10, height: 10),
      PixelBox(x: 0, y: 0, width: 0, height: 10),
      PixelBox(x: .nan, y: 0, width: 10, height: 10),
      PixelBox(
        x: 0, y: 0, width: .leastNonzeroMagnitude, height: .leastNonzeroMagnitude),
      PixelBox(x: 0, y: 0, width: 5000, height: 0.5),
    ] {
      let error = #expect(throws: PoseError.self) {
        try result(image, PoseOptions(regions: [region]))
      }
      #expect(error?.code == .badOption && error?.message.contains("\(region)") == true)
    }
    let many = Array(repeating: PixelBox(x: 0, y: 0, width: 10, height: 10), count: 17)
    #expect(throws: PoseError.self) { try result(image, PoseOptions(regions: many)) }
  }

  // MARK: Help

  private func result(_ image: Image, _ options: PoseOptions) throws -> PoseResult {
    try PoseLandmarker(options).result(for: image)
  }

  /// Mean distance of the landmarks that both see, in pixels of the picture.
  private func distance(_ first: Person, _ second: Person, in size: ImageSize) -> Float {
    let distances = zip(first.landmarks.pixels(in: size), second.landmarks.pixels(in: size))
      .filter { $0.visibility > 0.8 && $1.visibility > 0.8 }
      .map { hypot($0.x - $1.x, $0.y - $1.y) }
    return distances.isEmpty ? .infinity : distances.reduce(0, +) / Float(distances.count)
  }
}

extension Image {
  /// The picture turned clockwise by quarter turns.
  fileprivate func turned(_ quarters: Int) -> Image {
    guard quarters > 0 else { return self }
    let size = ImageSize(width: height, height: width)
    var pixels = [UInt8](repeating: 0, count: 4 * size.pixelCount)
    withPixels { source in
      for y in 0..<size.height {
        for x in 0..<size.width {
          for channel in 0..<4 {
            pixels[4 * (y * size.width + x) + channel] =
              source[4 * ((height - 1 - x) * width + y) + channel]
          }
        }
      }
    }
    return Image(size: size, bgrx: pixels).turned(quarters - 1)
  }
}

extension Person {
  /// The person as in the picture before it was turned clockwise by quarter turns.
  fileprivate func turnedBack(_ quarters: Int) -> Person {
    var person = self
    person.landmarks = Landmarks(
      landmarks.map {
        var landmark = $0
        for _ in 0..<quarters { (landmark.x, landmark.y) = (landmark.y, 1 - landmark.x) }
        return landmark
      })
    return person
  }
}
