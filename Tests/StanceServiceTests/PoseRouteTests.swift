import Foundation
import Images
import Stance
import StanceService
import TestSupport
import Testing

@Suite("POST /v1/pose")
struct PoseRouteTests {
  @Test(
    "the body is the picture, whatever kind it claims to be",
    arguments: [
      "image/jpeg", "image/whatever", "application/octet-stream", nil,
      "application/x-www-form-urlencoded",
    ])
  func raw(type: String?) async throws {
    let service = try await TestService()
    var request = TestRequest.photo(try FakeFinder.photo(people: 2))
    request.headers = type.map { [("Content-Type", $0)] } ?? []
    for isChunked in [false, true] {
      request.isChunked = isChunked
      let answer = try await service.send(request)
      #expect(answer.status == 200)
      #expect(answer["content-type"] == "application/json")
      #expect(answer["stance-people"] == "2" && answer["stance-model"] == "full")
      #expect(answer["stance-search"] == "auto")
      #expect(answer["cache-control"] == "no-store")
      let object = try answer.object
      #expect((object["people"] as? [Any])?.count == 2)
      #expect((object["image"] as? [String: Int]) == ["width": 12, "height": 12])
    }
    try await service.stop()
  }

  @Test("a form with one picture gives a result, with several an array in their order")
  func forms() async throws {
    let service = try await TestService()
    let photos = try (0..<3).map { try FakeFinder.photo(people: $0) }
    let one = try await service.send(.form([("image", "a.png", photos[1])], to: "/v1/pose"))
    #expect(one.status == 200)
    #expect((try one.object["people"] as? [Any])?.count == 1)

    let parts = photos.map { ("image", String?("a.png"), $0) }
    let several = try await service.send(.form(parts, to: "/v1/pose"))
    #expect(several.status == 200 && several["stance-people"] == "3")
    let array = try JSONSerialization.jsonObject(with: Data(several.body)) as? [[String: Any]]
    #expect(array?.map { ($0["people"] as? [Any])?.count } == [0, 1, 2])
    try await service.stop()
  }

  @Test(
    "other fields of the form are parameters like the query's, whichever side of the picture they stand on"
  )
  func fields() async throws {
    let service = try await TestService()
    let photo = try FakeFinder.photo(people: 3)
    func send(
      _ fields: [(String, String)], _ query: String = ""
    ) async throws -> TestAnswer {
      let parts = fields.map { ($0.0, String?.none, Array($0.1.utf8)) }
      return try await service.send(
        .form(
          parts.prefix(1) + [("image", "a.png", photo)] + parts.dropFirst(), to: "/v1/pose" + query)
      )
    }
    let drawn = try await send([("maxPeople", "2"), ("output", "png")])
    #expect(drawn["stance-people"] == "2" && drawn["content-type"] == "image/png")
    let named = try await send([("complexity", "0")], "?maxPeople=1")
    #expect(named["stance-people"] == "1" && named["stance-model"] == "lite")
    let masked = try await send([("output", "mask")], "?person=0")
    #expect(masked.status == 200 && masked["content-type"] == "image/png")
    var unlikely = TestRequest.form(
      [("image", "a.png", photo), ("output", nil, Array("json".utf8))], to: "/v1/pose")
    unlikely.headers.append(("Accept", "text/html"))
    #expect(try await service.send(unlikely)["content-type"] == "application/json")
    for (fields, query, words) in [
      ([("nonsense", "1")], "", "nonsense"), ([("maxPeople", "many")], "", "maxPeople"),
      ([("maxPeople", "1")], "?maxPeople=1", "one value"),
      ([("jointColor", String(repeating: "0", count: 1 << 16))], "", "bytes"),
    ] {
      let refused = try await send(fields, query)
      #expect(try refused.code == "bad_parameter")
      #expect(refused.text.contains(words) && refused.body.count < 2000)
    }
    let file = try await service.send(
      .form([("image", "a.png", photo), ("mask", "b.png", photo)], to: "/v1/pose"))
    #expect(try file.code == "bad_parameter")
    try await service.stop()
  }

  @Test("several pictures are worked on at once, one an engine, and none waits")
  func formsAtOnce() async throws {
    let gate = TestGate()
    let finder = FakeFinder(photosAhead: 1) { _, options in
      if options.maxPeople == 9 { await gate.pass() }
    }
    let service = try await TestService(finder: finder)
    try await service.waitUntilReady()
    let parts = try (0..<5).map { ("image", String?("a.png"), try FakeFinder.photo(people: $0)) }
    async let several = service.send(.form(parts, to: "/v1/pose?maxPeople=9"))
    try await gate.wait(forCalls: 2)
    let numbers = try await service.get("/metrics").text
    #expect(numbers.contains("\nstance_engines_busy 2\n"))
    #expect(numbers.contains("\nstance_queue_depth 0\n"))
    #expect(gate.calls == 2)
    gate.open()
    let array = try await JSONSerialization.jsonObject(with: Data(several.body)) as? [[String: Any]]
    #expect(array?.map { ($0["people"] as? [Any])?.count } == [0, 1, 2, 3, 4])
    try await service.stop()
  }

  @Test("one of several pictures that can't be read is a problem in its place")
  func brokenAmongGood() async throws {
    let service = try await TestService()
    let good = try FakeFinder.photo(people: 1)
    let answer = try await service.send(
      .form(
        [("image", "a", good), ("image", "b", Array("text".utf8)), ("image", "c", [])],
        to: "/v1/pose"))
    #expect(answer.status == 200)
    let array = try JSONSerialization.jsonObject(with: Data(answer.body)) as? [[String: Any]]
    #expect(array?.count == 3)
    #expect(array?[0]["people"] != nil && array?[0]["error"] == nil)
    for index in [1, 2] {
      let problem = array?[index]["error"] as? [String: Any]
      #expect(problem?["code"] as? String == "unreadable_image")
      #expect(problem?["status"] as? Int == 422)
    }
    try await service.stop()
  }

  @Test(
    "Accept chooses between JSON and the drawn picture",
    arguments: [
      ("*/*", "application/json"), ("image/png", "image/png"), ("image/*", "image/jpeg"),
      ("image/webp, image/png;q=0.5", "image/webp"),
      ("text/html, application/*", "application/json"),
      ("application/json;q=0.1, image/jpeg;q=0.2", "image/jpeg"),
    ])
  func accept(field: String, type: String) async throws {
    let service = try await TestService()
    let photo = try FakeFinder.photo(people: 1)
    let answer = try await service.send(.photo(photo, [("Accept", field)]))
    #expect(answer.status == 200)
    #expect(answer["content-type"] == type)
    if type != "application/json" {
      #expect(try EncodedImage(answer.body).decode().size == ImageSize(width: 11, height: 12))
    }
    try await service.stop()
  }

  @Test("the picture that the search has decoded is the one that is drawn on")
  func decodedOnce() async throws {
    let seen = Image.pattern(width: 10, height: 12)
    let service = try await TestService(finder: FakeFinder(seen: seen))
    let photo = try FakeFinder.photo(people: 2)
    let answer = try await service.send(.photo(photo, to: "/v1/pose?output=png"))
    #expect(try EncodedImage(answer.body).decode() == seen)
    try await service.stop()
  }

  @Test("a large picture is decoded again to be drawn on, not kept")
  func decodedTwice() async throws {
    func solid(_ size: ImageSize, _ shade: UInt8) -> Image {
      Image(size: size, bgrx: [UInt8](repeating: shade, count: 4 * size.pixelCount))
    }
    let size = ImageSize(width: 4000, height: 2000)
    let service = try await TestService(finder: FakeFinder(seen: solid(size, 1)))
    let photo = try ImageEncoder.encode(solid(size, 200), as: .png)
    let target = "/v1/pose?output=jpeg&joints=no&bones=no"
    let answer = try await service.send(.photo(photo, to: target))
    #expect(try EncodedImage(answer.body).decode().withPixels { $0[0] } == 200)
    try await service.stop()
  }

  @Test("style parameters change the picture, and each spelling of a colour is taken")
  func style() async throws {
    let service = try await TestService()
    let photo = try FakeFinder.photo(people: 1)
    let base = "/v1/pose?output=png&radius=3&thickness=2"
    let plain = try await service.send(.photo(photo, to: base))
    let blue = try await service.send(.photo(photo, to: base + "&jointColor=%230000ff"))
    let none = try await service.send(.photo(photo, to: base + "&joints=no&bones=false"))
    #expect(plain.status == 200 && blue.status == 200)
    #expect(plain.body != blue.body)
    let untouched = try EncodedImage(photo).decode()
    #expect(try EncodedImage(none.body).decode() == untouched)
    #expect(try EncodedImage(plain.body).decode() != untouched)
    try await service.stop()
  }

  @Test("a background takes the place of what is no person, and needs no other parameter")
  func background() async throws {
    let service = try await TestService()
    // The fake's masks are even: 50 of 255 for one person, which is nobody, and 250 for five.
    let base = "/v1/pose?output=png&joints=no&bones=no&background="
    let nobody = try await service.send(.photo(FakeFinder.photo(people: 1), to: base + "lime"))
    #expect(nobody.status == 200)
    let green = try EncodedImage(nobody.body).decode()
    #expect(green.withPixels { Array($0[0..<3]) == [0, 255, 0] })
    let photo = try FakeFinder.photo(people: 5)
    for background in ["lime", "blur"] {
      let people = try await service.send(.photo(photo, to: base + background))
      #expect(try EncodedImage(people.body).decode() == EncodedImage(photo).decode())
    }
    let wrong = try await service.send(.photo(photo, to: base + "green-ish"))
    #expect(try wrong.status == 400 && wrong.code == "bad_parameter")
    try await service.stop()
  }

  @Test("a transparent background makes a PNG or WebP, and is refused for a JPEG")
  func transparentBackground() async throws {
    let service = try await TestService()
    let photo = try FakeFinder.photo(people: 1)
    let query = "?joints=no&bones=no&background=none"
    func send(_ target: String, accept: String? = nil) async throws -> TestAnswer {
      var request = TestRequest.photo(photo, to: target)
      if let accept { request.headers.append(("Accept", accept)) }
      return try await service.send(request)
    }
    let png = try await send("/v1/pose" + query + "&output=png")
    #expect(png.status == 200)
    // Bit depth 8, colour type 6: RGB with alpha.
    #expect(Array(png.body[24...25]) == [8, 6])
    #expect(
      try await send("/v1/pose" + query, accept: "image/webp")["content-type"] == "image/webp")
    #expect(try await send("/v1/pose" + query, accept: "image/*")["content-type"] == "image/png")
    #expect(try await send("/v1/pose" + query)["content-type"] == "application/json")
    for refused in [
      try await send("/v1/pose" + query + "&output=jpeg"),
      try await send("/v1/pose" + query, accept: "image/jpeg"),
    ] {
      #expect(try refused.status == 400 && refused.code == "bad_parameter")
      #expect(refused.text.contains("PNG or WebP"))
    }
    try await service.stop()
  }

  @Test("a mask is one grey PNG of everybody or of one person")
  func masks() async throws {
    let service = try await TestService()
    let photo = try FakeFinder.photo(people: 2)
    let all = try await service.send(.photo(photo, to: "/v1/pose?output=mask"))
    #expect(all.status == 200 && all["content-type"] == "image/png")
    let first = try await service.send(.photo(photo, to: "/v1/pose?output=mask&person=0"))
    // The fake gives person 0 the grey 50 and person 1 the grey 100; the maximum is the second's.
    #expect(try EncodedImage(all.body).decode().withPixels { $0[0] } == 100)
    #expect(try EncodedImage(first.body).decode().withPixels { $0[0] } == 50)
    let third = try await service.send(.photo(photo, to: "/v1/pose?output=mask&person=2"))
    #expect(third.status == 400)
    #expect(try third.code == "bad_parameter")
    try await service.stop()
  }

  @Test("nobody found is a result without people")
  func nobody() async throws {
    let service = try await TestService()
    let answer = try await service.send(.photo(try FakeFinder.photo(people: 0)))
    #expect(answer.status == 200)
    #expect((try answer.object["people"] as? [Any])?.isEmpty == true)
    try await service.stop()
  }

  @Test("the service's own options are the defaults, the query wins")
  func defaults() async throws {
    var configuration = ServiceConfiguration()
    configuration.pose.maxPeople = 2
    configuration.pose.complexity = .heavy
    let service = try await TestService(configuration)
    let photo = try FakeFinder.photo(people: 4)
    let plain = try await service.send(.photo(photo))
    #expect(plain["stance-people"] == "2" && plain["stance-model"] == "heavy")
    let asked = try await service.send(.photo(photo, to: "/v1/pose?maxPeople=3&complexity=0"))
    #expect(asked["stance-people"] == "3" && asked["stance-model"] == "lite")
    try await service.stop()
  }
}
