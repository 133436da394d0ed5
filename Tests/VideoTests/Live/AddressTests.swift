import Testing

@testable import Video

@Suite("Addresses and cameras as operators write them")
struct AddressTests {
  @Test("Files, standard input, cameras and addresses are told apart")
  func kinds() throws {
    for path in ["a.mp4", "/dev/shm/a.mp4", "12:30.mp4", "clip:1.mp4", "./http://x", "a/b://c"] {
      #expect(try VideoSource(argument: path) == .path(path))
    }
    for camera in ["/dev/video0", "/dev/v4l/by-id/usb-x-video-index0"] {
      #expect(try VideoSource(argument: camera) == .camera(camera))
    }
    for text in ["rtsp://h", "RTSPS://h:322/x", "http://h/a.m3u8", "https://[::1]:8443/v?x=1"] {
      #expect(try VideoSource(argument: text) == .address(VideoAddress(text)))
    }
  }

  @Test(
    "Other kinds of address are refused, and not repeated",
    arguments: [
      "file:///etc/passwd", "file:/etc/passwd", "ftp://u:secret@h/x", "concat:a|b", "tcp://h:1",
      "data:video/mp4;base64,AAAA", "pipe:0", "rtp://h:1",
    ])
  func others(text: String) throws {
    let error = try #require(throws: VideoError.self) { try VideoSource(argument: text) }
    #expect(error.code == .unsupported)
    #expect(!error.message.contains("secret") && !error.message.contains("/etc"))
  }

  @Test(
    "An address is shown without user, password, query and fragment",
    arguments: [
      ("rtsp://bob:s3cret@cam:554/a/b", "rtsp://cam:554/a/b"),
      ("rtsp://bob@cam", "rtsp://cam"),
      ("http://cam/v.m3u8?token=s3cret#s3cret", "http://cam/v.m3u8?…"),
      ("HTTPS://b:p@s3cret@[::1]:8443/x?s3cret", "https://[::1]:8443/x?…"),
      ("http://cam:80?s3cret", "http://cam:80?…"),
      // The password may have a slash in it.
      ("rtsp://bob:12/s3cret@cam/x", "rtsp://…"), ("http://cam/@s3cret", "http://…"),
    ])
  func shown(text: String, shown: String) throws {
    let address = try VideoAddress(text)
    #expect(address.description == shown && VideoSource.address(address).name == shown)
    for words in ["\(address)", String(reflecting: address), "\(VideoSource.address(address))"] {
      #expect(!words.contains("s3cret"))
    }
    var dumped = ""
    dump(address, to: &dumped)
    #expect(!dumped.contains("s3cret"))
  }

  @Test(
    "An address without host or with a port that is none is refused, and not repeated",
    arguments: [
      "http://", "http:///s3cret", "http://:80/s3cret", "rtsp://bob:s3cret/x@cam",
      "http://h:s3cret", "rtsp://bob:12#s3cret@cam/x",
      "http://h/s3cret x", "http://h/s3cret\nfile 'x'",
      "http://h/" + String(repeating: "a", count: 2048),
    ])
  func malformed(text: String) throws {
    let error = try #require(throws: VideoError.self) { try VideoSource(argument: text) }
    #expect(error.code == .unsupported && !error.message.contains("s3cret"))
  }

  @Test("What ffmpeg repeats of an address loses its secrets, and so does what it was led to")
  func scrubbed() throws {
    let address = try VideoAddress("rtsp://bob:pa%24sword@cam:554/x?token=abcdef")
    let words = address.hiding(
      in:
        "Impossible to open 'rtsp://bob:pa%24sword@cam:554/x?token=abcdef': pa$sword, pa%24sword, "
        + "bob:pa%24sword, token=abcdef; http://al:other@cdn/s.ts?sig=other failed")
    for secret in ["sword", "bob", "abcdef", "other", "al:"] {
      #expect(!words.contains(secret), "\(words)")
    }
    #expect(
      VideoAddress.hidingSecrets(in: "http://h/x?…: no (http://h/).")
        == "http://h/x?…: no (http://h/).")
    #expect(words.contains("'rtsp://cam:554/x?…'") && words.contains("http://cdn/s.ts?… failed"))
  }

  @Test("An address stands in a script and in no argument; quotes do not end it there")
  func script() throws {
    let input = DecoderInput.address(try VideoAddress("http://bob:s3c'ret@cam/x"))
    #expect(!(input.demuxing + [input.url] + input.rights).joined().contains("cam"))
    let script = String(decoding: input.script, as: UTF8.self)
    #expect(script.contains(#"file 'http://bob:s3c'\''ret@cam/x'"#))
    #expect(script.contains("option protocol_whitelist http,https,tls,tcp,crypto\n"))
    #expect(!script.contains("file,"))
    let secure = DecoderInput.address(try VideoAddress("https://cam/x"))
    #expect(
      String(decoding: secure.script, as: UTF8.self)
        .contains("option protocol_whitelist https,tls,tcp,crypto\n"))
    let stream = DecoderInput.address(try VideoAddress("rtsp://cam/x"))
    let lines = String(decoding: stream.script, as: UTF8.self)
    for line in ["protocol_whitelist tcp\n", "format_whitelist rtsp\n", "rtsp_transport tcp\n"] {
      #expect(lines.contains("option \(line)"))
    }
    #expect(lines.contains("option timeout ") && !lines.contains("stimeout"))
  }

  @Test(
    "A camera is asked for JPEGs of 1280x720 first, then for what it has, and nothing else is opened"
  )
  func camera() throws {
    let inputs = Camera(checked: "/dev/video3").inputs
    #expect(inputs.map(\.url) == ["/dev/video3", "/dev/video3"])
    for input in inputs {
      #expect(input.rights == ["--device", "/dev/video3"])
      let words = input.demuxing.joined(separator: " ")
      #expect(words.contains("-f v4l2 -framerate 30 -video_size 1280x720"))
    }
    #expect(inputs[0].demuxing.suffix(2) == ["-input_format", "mjpeg"])
    #expect(!inputs[1].demuxing.contains("-input_format"))
  }

  @Test("What is no character device is no camera")
  func noCamera() throws {
    for path in ["/dev/video-none", "/dev/v4l/../shm"] {
      let error = try #require(throws: VideoError.self) {
        try VideoReader(VideoSource(argument: path))
      }
      #expect(error.code == .unreadable && error.message.contains("camera"))
    }
  }
}
