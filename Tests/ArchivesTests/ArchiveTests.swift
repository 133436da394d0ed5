import Archives
import Files
import Glibc
import TestSupport
import Testing

@Suite(
  "Archives", .enabled(if: MadeArchive.isPossible, "needs python3"), .timeLimit(.minutes(5)))
struct ArchiveTests {
  @Test(
    "ZIP and tar, plain and packed, give their files in order, with their sizes before that",
    arguments: [
      "zip = zipfile.ZipFile(path, 'w')", "zip = zipfile.ZipFile(path, 'w', zipfile.ZIP_DEFLATED)",
      "tar = tarfile.open(path, 'w', format=tarfile.USTAR_FORMAT)",
      "tar = tarfile.open(path, 'w', format=tarfile.GNU_FORMAT)",
      "tar = tarfile.open(path, 'w', format=tarfile.PAX_FORMAT)",
      "tar = tarfile.open(path, 'w:gz')", "tar = tarfile.open(path, 'w:bz2')",
      "tar = tarfile.open(path, 'w:xz')",
    ])
  func formats(opening: String) throws {
    let isZIP = opening.hasPrefix("zip")
    let writing = isZIP ? "zip.writestr(name, content)" : "small(tar, name, content)"
    let made = try MadeArchive(
      """
      \(opening)
      for name, content in [('b/ü.jpg', b'first'), ('a.jpg', b''), ('c.jpg', b'0123456789' * 50000)]:
          \(writing)
      \(isZIP ? "zip" : "tar").close()
      """)
    let content = made.content()
    #expect(content.failure == nil && content.names == ["b/ü.jpg", "a.jpg", "c.jpg"])
    #expect(content.files.map(\.bytes?.count) == [5, 0, 500_000])
    #expect(content.files[0].text == "first" && content.files[2].text.hasSuffix("6789"))
    #expect(content.files.allSatisfy { $0.failure == nil })
    let listed = try made.list()
    #expect(listed.map(\.size) == [5, 0, 500_000])
    #expect(listed.map(\.index) == content.files.map(\.entry.index))
    #expect(listed.map(\.name) == content.names)
  }

  @Test("tar packed by zstd")
  func zstandard() throws {
    var bytes = try MadeArchive("small(tarfile.open(path, 'w'), 'a.jpg')").bytes
    bytes += [UInt8](repeating: 0, count: 1024)
    // A frame of blocks that are stored.
    var packed: [UInt8] = [0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x58]
    let head = bytes.count << 3 | 1
    packed += [UInt8(head & 255), UInt8(head >> 8 & 255), UInt8(head >> 16)] + bytes
    #expect(try MadeArchive(packed).content().files.map(\.text) == ["content"])
  }

  @Test(
    "A ZIP that was written as a stream, sizes behind the data, also without the end of its directory"
  )
  func dataDescriptors() throws {
    let script = """
      class Stream(io.RawIOBase):
          def __init__(self): self.bytes = b''
          def writable(self): return True
          def write(self, more):
              self.bytes += bytes(more)
              return len(more)
      stream = Stream()
      with zipfile.ZipFile(stream, 'w', zipfile.ZIP_DEFLATED) as zip:
          for name in ['a.jpg', 'b.jpg']: zip.writestr(name, name * 1000)
      """
    for cut in ["", "[:stream.bytes.index(b'PK\\1\\2') + 30]"] {
      let made = try MadeArchive(script + "\nopen(path, 'wb').write(stream.bytes\(cut))")
      #expect(try made.bytes[6] & 8 != 0)
      #expect(try made.list().map(\.size) == [5000, 5000], "\(cut)")
      let content = made.content()
      #expect(content.names == ["a.jpg", "b.jpg"] && content.files[1].bytes?.count == 5000)
      #expect(content.files[1].text.hasPrefix("b.jpgb.jpg"))
    }
  }

  @Test("Long names of all kinds of tar are whole; those beyond all bounds are numbered")
  func longNames() throws {
    for format in ["PAX", "GNU"] {
      let made = try MadeArchive(
        """
        with tarfile.open(path, 'w', format=tarfile.\(format)_FORMAT) as tar:
            for count in [50, 102, 1000, 5000]: small(tar, 'ordner/' * count + 'ä.jpg')
        """)
      let names = made.content().names
      #expect(names.prefix(2).map(\.utf8.count) == [356, 720])
      #expect(names.dropFirst(2) == ["entry-3", "entry-4"] && names[0].hasSuffix("/ä.jpg"))
    }
  }

  @Test("Names in GB18030 are read, names in no encoding are numbered, and doubled ones stay apart")
  func names() throws {
    let zip = """
      import zlib
      names = [b'\\xd5\\xd5\\xc6\\xac.jpg', b'\\xd5\\xd5\\xc6\\xac.jpg', b'\\xff\\xff.jpg', b'', b'./d//e.jpg', b'entry-3',
          b'x\\x1b[2J.jpg']
      with open(path, 'wb') as file:
          central = b''
          for name in names:
              fields = struct.pack('<HHHHHIIIHH', 20, 0, 0, 0, 0, zlib.crc32(b'x'), 1, 1, len(name), 0)
              central += b'PK\\1\\2' + struct.pack('<H', 20) + fields + struct.pack('<HHHII', 0, 0, 0, 0, file.tell()) + name
              file.write(b'PK\\3\\4' + fields + name + b'x')
          start = file.tell()
          file.write(central + b'PK\\5\\6' + struct.pack('<HHHHIIH', 0, 0, len(names), len(names), len(central), start, 0))
      """
    let made = try MadeArchive(zip)
    let expected = [
      "照片.jpg", "照片 (2).jpg", "entry-3", "entry-4", "d/e.jpg", "entry-3 (2)",
      "x\u{fffd}[2J.jpg",
    ]
    #expect(made.content().names == expected)
    #expect(try made.list().map(\.name) == expected)
    #expect(made.content().files.allSatisfy { $0.text == "x" })
    let tar = try MadeArchive(
      """
      with tarfile.open(path, 'w', format=tarfile.GNU_FORMAT, encoding='gb18030') as tar:
          small(tar, '照片/💩.jpg')
      """)
    #expect(tar.content().names == ["照片/💩.jpg"])
  }

  @Test("Backslashes of Windows are separators")
  func backslashes() throws {
    let made = try MadeArchive(
      """
      with zipfile.ZipFile(path, 'w') as zip: zip.writestr('ordnerXä.jpg', b'x')
      bytes = open(path, 'rb').read().replace(b'ordnerX', b'ordner\\\\')
      # Made by FAT's system, where libarchive looks for them.
      bytes = bytes.replace(b'PK\\1\\2\\x14\\3', b'PK\\1\\2\\x14\\0')
      open(path, 'wb').write(bytes)
      """)
    #expect(made.content().names == ["ordner/ä.jpg"])
  }

  @Test("Links, devices, pipes and names that lead outside are refused by name, the rest is read")
  func refusals() throws {
    let made = try MadeArchive(
      """
      with tarfile.open(path, 'w') as tar:
          small(tar, 'a.jpg')
          small(tar, 'symbolic', b'', type=tarfile.SYMTYPE, linkname='a.jpg')
          small(tar, 'hard', b'', type=tarfile.LNKTYPE, linkname='a.jpg')
          small(tar, 'character', b'', type=tarfile.CHRTYPE)
          small(tar, 'block', b'', type=tarfile.BLKTYPE)
          small(tar, 'pipe', b'', type=tarfile.FIFOTYPE)
          for name in ['/etc/passwd', 'C:/x.jpg', '\\\\\\\\host\\\\x', '../x.jpg', 'a/../../x', 'a\\\\..\\\\x', '..']:
              small(tar, name)
          small(tar, 'folder', b'', type=tarfile.DIRTYPE)
          small(tar, '__MACOSX/._a.jpg')
          small(tar, 'folder/.DS_Store')
          small(tar, 'folder/..b.jpg')
      """)
    let expected: [EntryRefusal?] = [
      nil, .symbolicLink, .hardLink, .device, .device, .pipe, .absoluteName, .absoluteName,
      .absoluteName, .outsideName, .outsideName, .outsideName, .outsideName, nil,
    ]
    let content = made.content()
    #expect(content.failure == nil && content.refusals == expected)
    #expect(content.files.filter { $0.bytes != nil }.map(\.text) == ["content", "content"])
    #expect(content.names.last == "folder/..b.jpg" && content.files.last?.entry.index == 16)
    #expect(try made.list().map(\.refusal) == expected)
    #expect(expected.allSatisfy { $0.map { !"\($0)".isEmpty } ?? true })
  }

  @Test("A symbolic link in a ZIP is refused")
  func linksInZIP() throws {
    let made = try MadeArchive(
      """
      with zipfile.ZipFile(path, 'w') as zip:
          info = zipfile.ZipInfo('link')
          info.create_system = 3
          info.external_attr = 0o120777 << 16
          zip.writestr(info, '/etc/passwd')
          zip.writestr('a.jpg', 'x')
      """)
    #expect(made.content().refusals == [.symbolicLink, nil])
  }

  @Test("An encrypted entry is refused, the others are read")
  func encrypted() throws {
    let made = try MadeArchive(
      """
      with zipfile.ZipFile(path, 'w') as zip:
          zip.writestr('a.jpg', 'x' * 20)
          zip.writestr('b.jpg', 'b')
      bytes = bytearray(open(path, 'rb').read())
      bytes[6] |= 1
      bytes[bytes.index(b'PK\\1\\2') + 8] |= 1
      open(path, 'wb').write(bytes)
      """)
    let content = made.content()
    #expect(content.refusals == [.encrypted, nil] && content.files[1].text == "b")
    #expect(try made.list().map(\.refusal) == [.encrypted, nil])
  }

  @Test("An archive inside is an entry like any other, and packed twice is refused")
  func nesting() throws {
    let made = try MadeArchive(
      """
      inner = io.BytesIO()
      with zipfile.ZipFile(inner, 'w') as zip: zip.writestr('a.jpg', 'x')
      with zipfile.ZipFile(path, 'w') as zip: zip.writestr('inner.zip', inner.getvalue())
      """)
    #expect(made.content().names == ["inner.zip"])
    let twice = try MadeArchive(
      """
      import gzip
      outer = io.BytesIO()
      with tarfile.open(fileobj=outer, mode='w:gz') as tar: small(tar, 'a.jpg')
      open(path, 'wb').write(gzip.compress(outer.getvalue()))
      """)
    #expect(twice.content().failure?.code == .unknownFormat)
  }

  @Test("Cut off anywhere, what is whole is given; then an error says so")
  func truncated() throws {
    for opening in [
      "zipfile.ZipFile(path, 'w')", "zipfile.ZipFile(path, 'w', zipfile.ZIP_DEFLATED)",
      "tarfile.open(path, 'w')", "tarfile.open(path, 'w:gz', compresslevel=1)",
    ] {
      let writing =
        opening.hasPrefix("zip") ? "out.writestr(name, data)" : "small(out, name, data)"
      let made = try MadeArchive(
        """
        import random
        data = random.Random(1).randbytes(300000)
        with \(opening) as out:
            for name in ['a.jpg', 'b.jpg', 'c.jpg']: \(writing)
        os.truncate(path, 700000)
        """)
      let content = made.content()
      #expect(content.failure?.code == .truncated, "\(opening) \(content.failure as Any)")
      #expect(content.files.prefix(2).map(\.bytes?.count) == [300_000, 300_000], "\(opening)")
      #expect(content.files.prefix(2).allSatisfy { $0.failure == nil })
      // The one that was cut off is not taken for whole.
      #expect(content.files.dropFirst(2).allSatisfy { $0.failure != nil }, "\(opening)")
    }
  }

  @Test("A damaged entry is an error of its own, the next is read")
  func damagedEntry() throws {
    let made = try MadeArchive(
      """
      with zipfile.ZipFile(path, 'w') as zip:
          for name in ['a.jpg', 'b.jpg']: zip.writestr(name, name * 100000)
      bytes = bytearray(open(path, 'rb').read())
      bytes[1000] ^= 1
      open(path, 'wb').write(bytes)
      """)
    let content = made.content()
    #expect(content.failure == nil && content.files.map(\.failure?.code) == [.damagedEntry, nil])
    #expect(content.files[1].bytes?.count == 500_000)
    // Who does not read it does not hear of it.
    var reader = try made.reader()
    _ = try reader.next()
    #expect(try reader.next()?.name == "b.jpg" && reader.next() == nil && reader.next() == nil)
  }

  @Test("What is no archive, empty or no file is an error that says what is read")
  func unknown() throws {
    for bytes in [[], Array("no archive\n".utf8), Array("%PDF-1.4 and more of it".utf8)] {
      let failure = try MadeArchive(bytes).content().failure
      #expect(failure?.code == .unknownFormat && failure?.message.contains("ZIP; tar") == true)
    }
    let folder = try TemporaryFolder()
    let file = try OpenFile(reading: folder.path)
    let error = try #require(throws: ArchiveError.self) {
      _ = try ArchiveReader(file, .read, helper: "/bin/true")
    }
    #expect(error.code == .unknownFormat)
  }

  @Test("An archive without entries is whole")
  func noEntries() throws {
    for script in ["zipfile.ZipFile(path, 'w').close()", "tarfile.open(path, 'w').close()"] {
      let content = try MadeArchive(script).content()
      #expect(content.failure == nil && content.files.isEmpty)
    }
  }

  @Test("Two readers of one open file don't disturb each other")
  func together() throws {
    let made = try MadeArchive(
      """
      with tarfile.open(path, 'w') as tar:
          for name in ['a.jpg', 'b.jpg']: small(tar, name, name.encode() * 100000)
      """)
    let file = try OpenFile(reading: made.path)
    lseek(file.descriptor, 777, SEEK_SET)
    let helper = try #require(Helper.path)
    var one = try ArchiveReader(file, .read, helper: helper)
    var other = try ArchiveReader(file, .read, helper: helper)
    let copies = try (0..<2).map { _ in try OpenFile.temporary() }
    for _ in 0..<2 {
      #expect(try one.next() != nil && other.next() != nil)
      #expect(try one.copy(to: copies[0]) == 500_000)
      #expect(try other.copy(to: copies[1]) == 500_000)
    }
    #expect(try copies[0].bytes(at: 0, count: 1 << 20) == copies[1].bytes(at: 0, count: 1 << 20))
    #expect(try copies[1].bytes(at: 999_995, count: 9) == Array("b.jpg".utf8))
  }
}
