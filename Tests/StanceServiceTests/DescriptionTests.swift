import Checksums
import Foundation
import PoseRendering
import Stance
import StanceService
import Testing

@Suite("The description of the interface")
struct DescriptionTests {
  private func document(_ service: TestService) async throws -> [String: Any] {
    let answer = try await service.get("/openapi.json")
    #expect(answer.status == 200 && answer["content-type"] == "application/json")
    return try answer.object
  }

  @Test("openapi.json names every route, and no other")
  func routes() async throws {
    let service = try await TestService()
    let paths = try #require(try await document(service)["paths"] as? [String: [String: Any]])
    let described = paths.flatMap { path, operations in
      operations.keys.map { "\($0.uppercased()) \(path)" }
    }
    let real = service.application.routeList.map { "\($0.method) \($0.path)" }
    #expect(described.sorted() == real.sorted())
    #expect(Set(real).count == real.count)
    try await service.stop()
  }

  @Test("every reference leads somewhere, and every operation has answers")
  func references() async throws {
    let service = try await TestService()
    let document = try await document(service)
    func check(_ value: Any) {
      if let object = value as? [String: Any] {
        if let reference = object["$ref"] as? String {
          var place: Any? = document
          for step in reference.split(separator: "/").dropFirst() {
            place = (place as? [String: Any])?[String(step)]
          }
          #expect(place != nil, "\(reference)")
        }
        object.values.forEach(check)
      } else if let array = value as? [Any] {
        array.forEach(check)
      }
    }
    check(document)
    let paths = try #require(document["paths"] as? [String: [String: [String: Any]]])
    for operation in paths.values.flatMap(\.values) {
      let responses = operation["responses"] as? [String: Any]
      #expect(["101", "200", "202"].contains { responses?[$0] != nil })
    }
    try await service.stop()
  }

  @Test(
    "a colour's pattern takes what the service takes",
    arguments: [
      ("red", true), ("#f80", true), ("#ff8800", true), ("#ff880080", true), ("", false),
      ("reddish", false), ("#ff", false), ("#ff88001", false), ("ff8800", false),
    ])
  func colors(text: String, isColor: Bool) async throws {
    let service = try await TestService()
    let components = try await document(service)["components"] as? [String: Any]
    let parameters = components?["parameters"] as? [String: [String: Any]]
    let schema = try #require(parameters?["leftColor"]?["schema"] as? [String: Any])
    let pattern = try Regex(try #require(schema["pattern"] as? String))
    #expect((text.firstMatch(of: pattern) != nil) == isColor)
    let query = "leftColor=" + text.replacing("#", with: "%23")
    let photo = try FakeFinder.photo(people: 1)
    let answer = try await service.send(.photo(photo, to: "/v1/pose?\(query)"))
    #expect(answer.status == (isColor ? 200 : 400))
    try await service.stop()
  }

  @Test("parameters have the ranges of the option table and the service's own defaults")
  func parameters() async throws {
    var configuration = ServiceConfiguration()
    configuration.pose.maxPeople = 3
    let service = try await TestService(configuration)
    let components = try await document(service)["components"] as? [String: Any]
    let parameters = components?["parameters"] as? [String: [String: Any]]
    let schema = parameters?["maxPeople"]?["schema"] as? [String: Any]
    #expect(schema?["type"] as? String == "integer")
    #expect(schema?["minimum"] as? Int == 1 && schema?["maximum"] as? Int == 100)
    #expect(schema?["default"] as? Int == 3)
    let complexity = parameters?["complexity"]?["schema"] as? [String: Any]
    #expect(complexity?["enum"] as? [String] == ["0", "1", "2"])
    try await service.stop()
  }

  @Test("the tutorial's routes have defaults of their own, unless the service was told others")
  func tutorialDefaults() async throws {
    func own(_ configuration: ServiceConfiguration) async throws -> [String: String] {
      let service = try await TestService(configuration)
      let paths = try await document(service)["paths"] as? [String: [String: [String: Any]]]
      let parameters = paths?["/pose"]?["post"]?["parameters"] as? [[String: Any]] ?? []
      #expect(parameters.count > 10)
      let pairs = parameters.compactMap { parameter -> (String, String)? in
        guard let name = parameter["name"] as? String else { return nil }
        return (name, "\((parameter["schema"] as? [String: Any])?["default"] ?? "")")
      }
      let docs = try await service.get("/docs").text
      for (name, value) in pairs { #expect(docs.contains("<code>\(name)=\(value)</code>")) }
      try await service.stop()
      return Dictionary(uniqueKeysWithValues: pairs)
    }
    var configuration = ServiceConfiguration()
    #expect(try await own(configuration) == ["guessed": "plain", "minVisibility": "0.5"])
    (configuration.style.guessed, configuration.style.minVisibility) = (.hidden, 0.9)
    configuration.tutorialStyle = configuration.style
    #expect(try await own(configuration) == [:])
  }

  @Test("a result and a problem have the members that the schemas require, and no other")
  func shapes() async throws {
    let service = try await TestService()
    let components = try await document(service)["components"] as? [String: Any]
    let schemas = try #require(components?["schemas"] as? [String: [String: Any]])
    func members(_ name: String) -> [String]? {
      (schemas[name]?["required"] as? [String])?.sorted()
    }
    let result = try await service.send(.photo(try FakeFinder.photo(people: 1))).object
    #expect(result.keys.sorted() == members("Result"))
    let person = try #require((result["people"] as? [[String: Any]])?.first)
    #expect(person.keys.sorted() == members("Person"))
    let landmark = (person["landmarks"] as? [[String: Any]])?.first
    #expect(landmark?.keys.sorted() == members("Landmark"))
    let problem = try await service.get("/nothing").object
    #expect(problem.keys.sorted() == members("Problem"))
    try await service.stop()
  }

  @Test("page and descriptions work below a path that a proxy strips, which the examples name")
  func belowAPath() async throws {
    let service = try await TestService()
    for path in ["/", "/docs"] {
      let text = try await service.get(path).text
      #expect(text.matches(of: /(?:href|src|action)="\//).isEmpty)
    }
    let servers = try await document(service)["servers"] as? [[String: String]]
    #expect(servers == [["url": "."]])
    let behind = [("X-Forwarded-Prefix", "/tools/stance"), ("X-Forwarded-Proto", "https")]
    let docs = try await service.get("/docs", behind).text
    #expect(docs.contains("'https://localhost/tools/stance/v1/pose?"))
    let crooked = [("X-Forwarded-Prefix", "/a';x"), ("X-Forwarded-Proto", "javascript")]
    #expect(try await service.get("/docs", crooked).text.contains("'http://localhost/v1/pose?"))
    try await service.stop()
  }

  @Test("the page for people works without scripts under its own strict policy")
  func docs() async throws {
    var configuration = ServiceConfiguration()
    // Where every name may be the service's.
    configuration.server.host = "0.0.0.0"
    let service = try await TestService(configuration)
    let answer = try await service.get("/docs")
    #expect(answer.status == 200 && answer["content-type"] == "text/html; charset=utf-8")
    for word in ["/v1/pose", "maxPeople", "overloaded", "jointColor"] {
      #expect(answer.text.contains(word))
    }
    let called = try await service.send(
      TestRequest(target: "http://pose.example:8080/docs"))
    #expect(called.text.contains("'http://pose.example:8080/v1/pose?"))
    let crooked = try await service.send(TestRequest(target: "http://a';x/docs"))
    #expect(!crooked.text.contains("';x"))
    #expect(!answer.text.contains("--no-") && !answer.text.contains("--segmentation"))
    #expect(!answer.text.contains("<script") && !answer.text.contains("style=\""))
    let style = answer.text.firstMatch(of: /<style>([\s\S]*)<\/style>/).map { String($0.output.1) }
    let digest = Data(SHA256.digest(of: Array((style ?? "").utf8))).base64EncodedString()
    #expect(answer["content-security-policy"]?.contains("'sha256-\(digest)'") == true)
    try await service.stop()
  }
}
