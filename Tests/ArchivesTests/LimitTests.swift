import Archives
import Files
import Foundation
import Glibc
import Images
import Processes
import TestSupport
import Testing

enum Helper {
  static let path = DecodingTools.standard.helper
}

@Suite(
  "Bounds of archives", .enabled(if: MadeArchive.isPossible, "needs python3"), .serialized,
  .timeLimit(.minutes(10)))
struct LimitTests {
  private static func limits(_ change: (inout ArchiveLimits) -> Void) -> ArchiveLimits {
    var limits = ArchiveLimits()
    change(&limits)
    return limits
  }

  private let twoFiles = """
    with zipfile.ZipFile(path, 'w', zipfile.ZIP_DEFLATED) as zip:
        for name in ['a.jpg', 'b.jpg']: zip.writestr(name, bytes(600000))
    """

  @Test("More bytes for each of its own than is allowed end it, listed or read, in ZIP and tar")
  func ratio() throws {
    let limits = Self.limits { $0.ratioFloor = 1 << 20 }
    let tar = """
      with tarfile.open(path, 'w:gz') as tar:
          for name in ['a.jpg', 'b.jpg']: small(tar, name, bytes(600000))
      """
    for script in [twoFiles, tar] {
      let made = try MadeArchive(script)
      let content = made.content(limits)
      #expect(content.failure?.code == .tooCompressed, "\(content.failure as Any)")
      #expect(content.files.first?.bytes?.count == 600_000)
      #expect(throws: ArchiveError.self) { try made.list(limits) }
      #expect(made.content().failure == nil)
    }
  }

  @Test("What is passed over counts too")
  func passedOver() throws {
    let made = try MadeArchive(
      "with tarfile.open(path, 'w:gz') as tar: small(tar, '__MACOSX/a', bytes(3 << 20))")
    #expect(made.content(Self.limits { $0.ratioFloor = 1 << 20 }).failure?.code == .tooCompressed)
    #expect(made.content().files.isEmpty)
  }

  @Test("Longer names together than are allowed end it, with both numbers")
  func names() throws {
    let made = try MadeArchive(twoFiles)
    let content = made.content(Self.limits { $0.maxNameBytes = 9 })
    #expect(content.failure?.code == .tooLarge && content.files.count == 1)
    #expect(
      content.failure?.message
        == "the names of its first 2 entries have 10 bytes; those of all may have 9")
    #expect(made.content(Self.limits { $0.maxNameBytes = 10 }).failure == nil)
  }

  @Test("More bytes together than are allowed end it")
  func total() throws {
    let content = try MadeArchive(twoFiles).content(Self.limits { $0.maxBytes = 1_000_000 })
    #expect(content.failure?.code == .tooLarge && content.files[0].bytes?.count == 600_000)
    #expect(content.failure?.message == "more than 1000000 bytes when unpacked")
  }

  @Test(
    "A file that is too large is refused, or fails where its size was not told; the others are read"
  )
  func entry() throws {
    let limits = Self.limits { $0.maxEntryBytes = 1000 }
    let made = try MadeArchive(
      """
      with zipfile.ZipFile(path, 'w') as zip:
          zip.writestr('a.jpg', bytes(1001))
          zip.writestr('b.jpg', bytes(1000))
      """)
    let content = made.content(limits)
    #expect(content.refusals == [.tooLarge(limit: 1000), nil])
    #expect(content.files[1].bytes?.count == 1000)

    let stream = try MadeArchive(
      """
      class Stream(io.RawIOBase):
          def writable(self): return True
          def write(self, more): return os.write(file, more)
      file = os.open(path, os.O_WRONLY | os.O_CREAT)
      with zipfile.ZipFile(Stream(), 'w', zipfile.ZIP_DEFLATED) as zip:
          zip.writestr('a.jpg', bytes(500000))
          zip.writestr('b.jpg', bytes(1000))
      bytes = open(path, 'rb').read()
      os.truncate(path, bytes.index(b'PK\\1\\2') + 30)
      """)
    let streamed = stream.content(limits)
    #expect(streamed.failure == nil)
    #expect(streamed.files.map(\.failure?.code) == [.entryTooLarge, nil])
    #expect(streamed.files[1].bytes?.count == 1000)
  }

  @Test("A hundred thousand entries are read, one more than are allowed is an error")
  func entries() throws {
    let made = try MadeArchive(
      """
      import zlib
      parts, central, offset = [], [], 0
      for number in range(100000):
          name = b'%06d.jpg' % number
          fields = struct.pack('<HHHHHIIIHH', 20, 0, 0, 0, 0, zlib.crc32(b'x'), 1, 1, len(name), 0)
          central.append(b'PK\\1\\2\\x14\\0' + fields + struct.pack('<HHHII', 0, 0, 0, 0, offset) + name)
          parts.append(b'PK\\3\\4' + fields + name + b'x')
          offset += len(parts[-1])
      size = sum(map(len, central))
      big = b'PK\\6\\6' + struct.pack('<QHHIIQQQQ', 44, 45, 45, 0, 0, 100000, 100000, size, offset)
      big += b'PK\\6\\7' + struct.pack('<IQI', 0, offset + size, 1)
      end = b'PK\\5\\6' + struct.pack('<HHHHIIH', 0, 0, 65535, 65535, size, 0xffffffff, 0)
      open(path, 'wb').write(b''.join(parts + central) + big + end)
      """)
    var reader = try made.reader(.list)
    var count = 0
    var bytes = 0
    while let entry = try reader.next() {
      count += 1
      bytes += entry.size ?? 0
    }
    #expect(count == 100_000 && bytes == 100_000)
    let error = try #require(throws: ArchiveError.self) {
      try made.list(Self.limits { $0.maxEntries = 999 })
    }
    #expect(error.code == .tooManyEntries && error.message == "more than 999 entries")
  }

  @Test("A gigabyte that is nearly all hole goes through in a bounded space")
  func sparse() throws {
    let made = try MadeArchive(
      """
      head = bytearray(512)
      def put(at, text): head[at:at + len(text)] = text
      real = 1 << 30
      put(0, b'hole.jpg'); put(100, b'0000644'); put(108, b'0000000'); put(116, b'0000000')
      put(124, b'%011o' % 5); put(136, b'%011o' % 0); put(156, b'S'); put(257, b'ustar  ')
      put(386, b'%011o' % (real - 5)); put(398, b'%011o' % 5); put(483, b'%011o' % real)
      put(148, b' ' * 8); put(148, b'%06o\\0 ' % sum(head))
      open(path, 'wb').write(head + b'there' + bytes(507 + 1024))
      """)
    let limits = Self.limits { $0.maxRatio = 1 << 20 }
    #expect(try made.list(limits).map(\.size) == [1 << 30])
    #expect(made.content().failure?.code == .tooCompressed)
    var reader = try made.reader(.read, limits)
    _ = try reader.next()
    var buffer = [UInt8](repeating: 1, count: 1 << 20)
    var total = 0
    var last: [UInt8] = []
    let before = try residentBytes(of: getpid())
    while case let count = try reader.read(into: &buffer), count > 0 {
      if total == 0 {
        #expect(buffer[0] == 0)
        let helper = try #require(try child(reading: made.path))
        #expect(try residentBytes(of: helper) < 256 << 20)
      }
      total += count
      if count >= 5 { last = Array(buffer[count - 5..<count]) }
    }
    #expect(total == 1 << 30 && last == Array("there".utf8))
    #expect(try residentBytes(of: getpid()) - before < 256 << 20)
  }

  @Test("The helper's end midway is an error, now and at each later call")
  func killed() throws {
    let made = try MadeArchive(
      "with tarfile.open(path, 'w') as tar: small(tar, 'a.jpg', bytes(20 << 20))")
    var reader = try made.reader()
    _ = try reader.next()
    kill(try #require(try child(reading: made.path)), SIGKILL)
    var buffer = [UInt8](repeating: 0, count: 1 << 20)
    var failure: ArchiveError?
    while failure == nil {
      do throws(ArchiveError) {
        if try reader.read(into: &buffer) == 0 { break }
      } catch { failure = error }
    }
    #expect(failure?.code == .damaged && failure?.message.contains("signal 9") == true)
    let again = #expect(throws: ArchiveError.self) { try reader.next() }
    #expect(again == failure)
  }

  @Test("A reader that goes takes its helper with it, also while a stopper is kept")
  func leaving() throws {
    let made = try MadeArchive(
      "with tarfile.open(path, 'w') as tar: small(tar, 'a.jpg', bytes(20 << 20))")
    func begin() throws -> ArchiveReader.Stopper {
      var reader = try made.reader()
      _ = try reader.next()
      #expect(try child(reading: made.path) != nil)
      return reader.stopper
    }
    let stopper = try begin()
    #expect(try child(reading: made.path) == nil)
    stopper.stop()
  }

  /// The process of ours that has this file as its standard input and is alive.
  private func child(reading path: String) throws -> pid_t? {
    for name in try Files.names(in: "/proc") {
      guard let pid = pid_t(name), Files.exists("/proc/\(pid)/fd/0"),
        Files.realPath("/proc/\(pid)/fd/0") == path, pid != getpid()
      else { continue }
      return pid
    }
    return nil
  }

  private func residentBytes(of pid: pid_t) throws -> Int {
    let text = try String(contentsOfFile: "/proc/\(pid)/statm", encoding: .utf8)
    return try #require(text.split(separator: " ").dropFirst().first.flatMap { Int($0) }) * 4096
  }
}

@Suite("A helper that misbehaves", .timeLimit(.minutes(5)))
struct MisbehaviourTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// A reader of some file by a helper that is this shell script.
  private func reader(
    _ script: String, _ limits: ArchiveLimits = ArchiveLimits()
  ) throws -> ArchiveReader {
    let helper = folder.path + "/stance-decode"
    try "#!/bin/sh\n\(script)\n".write(toFile: helper, atomically: true, encoding: .utf8)
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: helper)
    return try ArchiveReader(
      OpenFile(reading: helper), .read, limits: limits, helper: helper)
  }

  private func failure(_ script: String, _ limits: ArchiveLimits = ArchiveLimits()) throws
    -> ArchiveError.Code
  {
    try #require(throws: ArchiveError.self) {
      var reader = try reader(script, limits)
      while try reader.next() != nil {}
    }.code
  }

  private static let entry = "printf 'E\\013\\0\\0\\0\\0\\1\\0\\0\\0\\0\\0\\0\\0ab'"

  @Test("What it must not say is an error")
  func words() throws {
    #expect(try failure("echo Hello, world") == .damaged)
    #expect(try failure("printf 'W\\0\\0\\0\\0'") == .damaged)
    #expect(try failure("\(Self.entry); \(Self.entry)") == .damaged)
    #expect(try failure("\(Self.entry); printf 'Z\\0\\0\\0\\0'") == .damaged)
    #expect(try failure("exit 0") == .damaged)
    #expect(try failure("\(Self.entry); exit 70") == .noResources)
    #expect(try failure("exit 64") == .missingTool)
    #expect(try failure("kill -XCPU $$") == .damaged)
  }

  @Test("More than it was told to give of an entry, or at all, is not taken")
  func bytes() throws {
    var limits = ArchiveLimits()
    limits.ratioFloor = 1 << 20
    let data = "while printf 'D\\0\\0\\1\\0' && head -c 65536 /dev/zero; do :; done"
    #expect(try failure("\(Self.entry); \(data)", limits) == .tooCompressed)
    limits.maxEntryBytes = 100_000
    #expect(try failure("\(Self.entry); \(data)", limits) == .damaged)
    #expect(
      try failure("while :; do \(Self.entry); printf 'W\\0\\0\\0\\0'; done", limits)
        == .tooManyEntries)
  }

  @Test("Silence ends, by itself or from another thread")
  func silence() throws {
    var limits = ArchiveLimits()
    limits.maxSilence = .milliseconds(50)
    #expect(try failure("exec sleep 600", limits) == .timedOut)
    var reader = try reader("\(Self.entry); exec sleep 600")
    #expect(try reader.next()?.name == "ab")
    let stopper = reader.stopper
    let thread = try WorkerThread {
      usleep(50_000)
      stopper.stop()
    }
    let error = #expect(throws: ArchiveError.self) { try reader.next() }
    #expect(error?.code == .stopped)
    thread.join()
  }

  @Test("A helper that is not there is a missing tool")
  func missing() throws {
    let file = try OpenFile(reading: "/bin/sh")
    for helper in [nil, "/nonexistent/stance-decode"] {
      let error = try #require(throws: ArchiveError.self) {
        var reader = try ArchiveReader(file, .read, helper: helper)
        _ = try reader.next()
      }
      #expect(error.code == .missingTool)
    }
  }
}
