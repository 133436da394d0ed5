import Testing

@testable import HTTPServer

private func events(
  _ body: String, contentType: String = "multipart/form-data; boundary=BB", cut: Int
) throws -> [String] {
  let bytes = Array(body.utf8)
  var parser = try #require(MultipartParser(contentType: contentType))
  var parts: [String] = []
  for start in stride(from: 0, to: bytes.count, by: cut) {
    try parser.feed(Array(bytes[start..<min(start + cut, bytes.count)])) { event in
      switch event {
      case .part(let head):
        parts.append("\(head.name)|\(head.filename ?? "-")|\(head.contentType ?? "-")|")
      case .data(let data): parts[parts.count - 1] += String(decoding: data, as: UTF8.self)
      }
    }
  }
  if !parser.isComplete { throw MultipartError.incomplete }
  return parts
}

private let form = [
  "preamble", "--BB", #"Content-Disposition: form-data; name="a;b"; filename="x\"y;z.jpg""#,
  "Content-Type: image/jpeg", "", "1", "--B", "2", "--BB \t",
  "content-disposition:form-data;name=c;filename*=UTF-8''%E6%97%A5.jpg", "", "", "--BB--",
  "epilogue",
].joined(separator: "\r\n")

@Suite("A multipart form")
struct MultipartTests {
  @Test("is the same in whatever pieces it comes", arguments: 1...60)
  func cuts(cut: Int) throws {
    #expect(
      try events(form, cut: cut) == [#"a;b|x"y;z.jpg|image/jpeg|1"# + "\r\n--B\r\n2", "c|日.jpg|-|"])
  }

  @Test(
    "is known by its type, however that is written",
    arguments: [
      #"multipart/form-data; boundary="BB""#, "Multipart/Form-Data; charset=utf-8; boundary=BB",
      "multipart/form-data;boundary=BB;charset=utf-8",
    ])
  func types(type: String) throws {
    #expect(try events(form, contentType: type, cut: 1000).count == 2)
  }

  @Test(
    "of another type, or without a usable boundary, is none",
    arguments: [
      "image/jpeg", "multipart/mixed; boundary=BB", "multipart/form-data",
      "multipart/form-data; boundary=", #"multipart/form-data; boundary="BB"#,
      "multipart/form-data; boundary=a; boundary=b", #"multipart/form-data; boundary="B" B"#,
      "multipart/form-data; boundary=" + String(repeating: "x", count: 71),
    ])
  func foreignTypes(type: String) { #expect(MultipartParser(contentType: type) == nil) }

  @Test(
    "that makes no sense is refused",
    arguments: [
      "--BB\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nno end",
      "--BB\r\nContent-Disposition: form-data\r\n\r\n\r\n--BB--",
      "--BB\r\nContent-Disposition: attachment; name=a\r\n\r\n\r\n--BB--",
      "--BB\r\n\r\n\r\n--BB--", "--BBX\r\n\r\n\r\n--BB--", "--BB\r\nno colon\r\n\r\n\r\n--BB--",
      "--BB\r\nContent-Disposition: form-data; name=\"\(String(repeating: "x", count: 9000))\"",
      "--BB\r\nContent-Disposition: form-data; name=\"a\r\n\r\n\r\n--BB--",
      "--BB\r\nContent-Disposition: form-data; name=a; name=b\r\n\r\n\r\n--BB--",
      "--BB\r\nContent-Disposition: form-data; name=\"a\" b\r\n\r\n\r\n--BB--",
      "--BB" + String(repeating: " ", count: 300),
      "--BB" + String(repeating: " ", count: 300)
        + "\r\nContent-Disposition: form-data; name=a\r\n\r\n\r\n--BB--", "", "\r\n", "--BB",
    ])
  func refused(body: String) {
    for cut in [7, 10_000] {
      #expect(throws: MultipartError.self) { try events(body, cut: cut) }
    }
  }

  @Test(
    "whose lines end with LF alone is the same, and a CR before the line's end is data",
    arguments: 1...60)
  func lineFeeds(cut: Int) throws {
    let text = form.replacing("\r\n", with: "\n")
    #expect(
      try events(text, cut: cut) == [#"a;b|x"y;z.jpg|image/jpeg|1"# + "\n--B\n2", "c|日.jpg|-|"])
    let bytes =
      "--BB\nContent-Disposition: form-data; name=a\n\n12\r\n--BB\n"
      + "Content-Disposition: form-data; name=b\n\n3\n--BB--"
    #expect(try events(bytes, cut: cut) == ["a|-|-|12\r", "b|-|-|3"])
  }

  @Test(
    "may have file names with quotes that nobody escaped, which never rename the field",
    arguments: [
      #"name="image"; filename="my "best" photo.jpg""#, #"name="image"; filename="12" plate.jpg""#,
      #"name="image"; filename="a"; name="b.jpg""#, #"name="image"; filename="a";b".jpg""#,
      #"name="image"; filename="unclosed"#, #"name="image"; filename=""quoted"""#,
      #"name="image"; filename="ends""#, #"filename="a "b" "c"; name="image""#,
      #"name=image; filename=a b".jpg; filename*=nonsense"#, #"name="image"; filename="";""#,
    ])
  func quotes(disposition: String) throws {
    let body = "--BB\r\nContent-Disposition: form-data; \(disposition)\r\n\r\n1\r\n--BB--\r\n"
    for cut in [1, 1000] {
      let part = try #require(try events(body, cut: cut).first)
      #expect(part.hasPrefix("image|") && !part.hasPrefix("image|-|") && part.hasSuffix("|-|1"))
    }
  }

  @Test("may have file names in any encoding")
  func encodings() throws {
    // 照许.jpg and 許 in GBK: the last one's second byte is a backslash, here before the closing quote.
    for name: [UInt8] in [
      [0xD5, 0xD5, 0xD0, 0xED] + Array(".jpg".utf8), [0xD4, 0x53, 0x5C], [0xFF, 0xFE, 0, 0x41],
    ] {
      for (before, after) in [
        ("name=image; filename=\"", "\""), ("filename=\"", "\"; name=\"image\""),
      ] {
        var parser = try #require(MultipartParser(contentType: "multipart/form-data; boundary=BB"))
        var heads: [MultipartPartHead] = []
        try parser.feed(
          Array("--BB\r\nContent-Disposition: form-data; \(before)".utf8) + name
            + Array("\(after)\r\n\r\n1\r\n--BB--".utf8)
        ) { if case .part(let head) = $0 { heads.append(head) } }
        #expect(parser.isComplete)
        #expect(heads.map(\.name) == ["image"] && heads.allSatisfy { $0.filename != nil })
      }
    }
  }

  @Test("gives names as they were before the browser escaped them")
  func names() throws {
    let body =
      "--BB\r\nContent-Disposition: form-data; name=\"a%22b%0D%0A\"; filename=\"C:\\d.jpg\""
    let parts = try events(body + "\r\n\r\n\r\n--BB--", cut: 100)
    #expect(parts == ["a\"b\r\n|C:\\d.jpg|-|"])
  }

  @Test("holds no more than a piece, however large its parts are")
  func bounded() throws {
    var parser = try #require(MultipartParser(contentType: "multipart/form-data; boundary=BB"))
    var largest = 0
    var total = 0
    let take = { (event: MultipartEvent) in
      guard case .data(let bytes) = event else { return }
      largest = max(largest, bytes.count)
      total += bytes.count
    }
    try parser.feed(Array("--BB\r\nContent-Disposition: form-data; name=a\r\n\r\n".utf8), take)
    for _ in 0..<100 { try parser.feed([UInt8](repeating: 45, count: 1000), take) }
    #expect(total > 99_000)
    #expect(largest <= 1006)
  }
}
