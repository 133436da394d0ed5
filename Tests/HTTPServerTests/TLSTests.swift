import Foundation
import HTTPServer
import TestSupport
import Testing

/// A certificate's two files in a folder.
private struct CertificateFiles {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  var chain: String { folder.path + "/chain.pem" }
  var key: String { folder.path + "/key.pem" }

  /// Writes new ones.
  func issue(to name: String) async throws {
    _ = try await run(
      "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
      "-nodes", "-days", "2", "-subj", "/CN=\(name)", "-keyout", key, "-out", chain)
  }
}

@Suite("TLS", .timeLimit(.minutes(5)))
struct TLSTests {
  private func withServer(_ body: (TestServer, CertificateFiles) async throws -> Void) async throws
  {
    let files = try CertificateFiles()
    try await files.issue(to: "first")
    try await TestServer.with({ $0.tls = (files.chain, files.key) }) { try await body($0, files) }
  }

  /// What a client sees of the certificate and the connection.
  private func handshake(_ server: TestServer, _ options: [String] = []) async throws -> String {
    let client = ["timeout", "100", "openssl", "s_client"]
    return try await run(client + ["-connect", "127.0.0.1:\(server.port)"] + options)
  }

  @Test("carries requests and responses of every size")
  func exchanges() async throws {
    try await withServer { server, files in
      let file = files.folder.path + "/body"
      for size in [0, 1, 16_384, 17_000, 1_000_000] {
        try Data(pattern(size)).write(to: URL(fileURLWithPath: file))
        _ = try await run(
          "curl", "-sk", "-m", "100", "--data-binary", "@\(file)", "-o", file + ".back",
          "https://127.0.0.1:\(server.port)/echo")
        #expect(try Array(Data(contentsOf: URL(fileURLWithPath: file + ".back"))) == pattern(size))
      }
      _ = try await run(
        "curl", "-sk", "-m", "100", "-o", file, "https://127.0.0.1:\(server.port)/large")
      #expect(try Array(Data(contentsOf: URL(fileURLWithPath: file))) == pattern(8 << 20))
    }
  }

  @Test("says goodbye to a client that still sends its body, too")
  func refusedUpload() async throws {
    try await withServer { server, _ in
      let upload =
        #"printf "POST /nothing HTTP/1.1\r\nHost: x\r\nContent-Length: 9000000\r\n\r\nabc"; sleep 1"#
      let client = "timeout 100 openssl s_client -quiet -connect 127.0.0.1:\(server.port)"
      let said = try await run("sh", "-c", "(\(upload)) | \(client)")
      #expect(said.contains("HTTP/1.1 404"), "\(said)")
      #expect(!said.contains("unexpected eof"), "\(said)")
    }
  }

  @Test(
    "has the handler cancelled of a client that says goodbye", arguments: ["-tls1_2", "-tls1_3"])
  func departure(version: String) async throws {
    let files = try CertificateFiles()
    try await files.issue(to: "first")
    let (endings, ended) = AsyncStream.makeStream(of: Bool.self)
    let handler: HTTPHandler = { _ in
      defer { ended.yield(Task.isCancelled) }
      try await Task.sleep(for: .seconds(200))
      return .text("")
    }
    try await TestServer.with({ $0.tls = (files.chain, files.key) }, handler: handler) { server in
      let request = #"printf "GET / HTTP/1.1\r\nHost: x\r\n\r\n"; sleep 0.2"#
      let client = "timeout 100 openssl s_client \(version) -connect 127.0.0.1:\(server.port)"
      _ = try await run("sh", "-c", "(\(request)) | \(client)")
      #expect(await endings.first { _ in true } == true)
    }
  }

  @Test("is 1.2 or later, and HTTP/1.1 for those who ask")
  func versions() async throws {
    try await withServer { server, _ in
      for (options, answer) in [
        (["-tls1_2"], "CN = first"), (["-tls1_3"], "CN = first"),
        (["-tls1_1", "-cipher", "DEFAULT@SECLEVEL=0"], "no peer certificate available"),
        (["-alpn", "h2,http/1.1"], "ALPN protocol: http/1.1"),
        (["-alpn", "h2"], "no application protocol"),
      ] {
        let said = try await handshake(server, options)
        #expect(said.contains(answer), "\(options): \(said)")
      }
    }
  }

  @Test("takes a renewed certificate, and keeps the old one when the new is damaged")
  func renewal() async throws {
    try await withServer { server, files in
      try await files.issue(to: "second")
      #expect(try await handshake(server).contains("CN = first"))
      try server.server.reloadCertificate()
      #expect(try await handshake(server).contains("CN = second"))
      try Data("damaged".utf8).write(to: URL(fileURLWithPath: files.chain))
      #expect(throws: HTTPServer.CertificateRefused.self) { try server.server.reloadCertificate() }
      #expect(try await handshake(server).contains("CN = second"))
    }
  }

  @Test("does not start with files that are no certificate, or are not there, and names the file")
  func refused() async throws {
    let files = try CertificateFiles()
    try await files.issue(to: "first")
    for (chain, key, named) in [
      (files.key, files.chain, files.key), (files.chain, files.chain, files.chain),
      ("/nowhere", files.key, "/nowhere"), (files.chain, "/nowhere", "/nowhere"),
    ] {
      let error = await #expect(throws: HTTPServer.CertificateRefused.self) {
        try await TestServer.with({ $0.tls = (chain, key) }) { _ in }
      }
      #expect(error?.reason.hasPrefix(named + " is no ") == true)
      #expect(error?.reason.contains("/asio/") == false)
    }
  }

  @Test("is not disturbed by clients that speak something else, or nothing")
  func strangers() async throws {
    try await TestServer.with { plain in try plain.server.reloadCertificate() }
    try await withServer { server, _ in
      _ = try await server.answer(to: head("GET /"))
      _ = try RawClient(server)
      let answer = try await run("curl", "-sk", "-m", "100", "https://127.0.0.1:\(server.port)/")
      #expect(answer == "hello")
    }
  }
}
