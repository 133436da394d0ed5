import Glibc
import Processes
import Synchronization
import TestSupport
import Testing

@testable import Files

@Suite("A folder that the operator allowed", .timeLimit(.minutes(5)))
struct AllowedFolderTests {
  private let outer: TemporaryFolder
  private let path: String

  init() throws {
    outer = try TemporaryFolder()
    path = outer.path + "/allowed"
    mkdir(path, 0o755)
    try make("../secret.jpg", "secret")
  }

  private func make(_ name: String, _ content: String = "x") throws {
    let file = path + "/" + name
    try Files.makeFolder(Files.parent(of: file))
    try Files.write(Array(content.utf8), to: file)
  }

  private func reason(_ name: String) throws -> AllowedFolderError.Reason {
    let folder = try AllowedFolder(path)
    return try #require(throws: AllowedFolderError.self) { try folder.open(name) }.reason
  }

  @Test("Its files are listed in the order of their paths' bytes, and opened by them")
  func listing() throws {
    for name in ["b/c.jpg", "a.jpg", "b.jpg", "b/.DS_Store", "__MACOSX/._a.jpg", "Z/ä.jpg"] {
      try make(name, name)
    }
    let folder = try AllowedFolder(path)
    let listed = try folder.list()
    #expect(listed.map(\.name) == ["Z/ä.jpg", "a.jpg", "b.jpg", "b/c.jpg"])
    #expect(listed.map(\.size) == [8, 5, 5, 7] && listed.allSatisfy { $0.refusal == nil })
    for entry in listed {
      let file = try folder.open(entry.path)
      #expect(try file.bytes(at: 0, count: 99) == Array(entry.name.utf8))
    }
    for below in ["b", "./b//", "b/."] {
      #expect(try folder.list(below).map(\.path) == ["b/c.jpg"], "\(below)")
    }
  }

  @Test("Nothing outside is reached, by no spelling of a path")
  func outside() throws {
    try make("a/b.jpg")
    for name in ["../secret.jpg", "/etc/passwd", "a/../../secret.jpg", "a/../a/b.jpg", "..", "/"] {
      #expect(try reason(name) == .outside, "\(name)")
    }
    #expect(try reason("a\0/b.jpg") == .outside)
    #expect(try reason("none.jpg") == .notFound)
    #expect(try reason("a") == .notRegular)
    #expect(try reason("a/b.jpg/c") == .notFolder)
    let folder = try AllowedFolder(path)
    #expect(throws: AllowedFolderError.self) { try folder.list("..") }
    #expect(throws: AllowedFolderError.self) { try folder.list("/") }
    let error = try #require(throws: AllowedFolderError.self) { try folder.open("../secret.jpg") }
    #expect("\(error)".hasPrefix("../secret.jpg: no path within the folder"))
  }

  @Test("Links are refused, wherever they lead and wherever they stand in a path")
  func links() throws {
    try make("a/b.jpg")
    symlink("../secret.jpg", path + "/out.jpg")
    symlink("a/b.jpg", path + "/in.jpg")
    symlink("..", path + "/up")
    symlink("/proc/self/root", path + "/root")
    for name in ["out.jpg", "in.jpg", "up/secret.jpg", "root/etc/passwd"] {
      #expect(try reason(name) == .link, "\(name)")
    }
    let folder = try AllowedFolder(path)
    #expect(throws: AllowedFolderError.self) { try folder.list("up") }
    let refused = try folder.list().filter { $0.refusal != nil }
    #expect(refused.map(\.name) == ["in.jpg", "out.jpg", "root", "up"])
    #expect(refused.allSatisfy { $0.refusal == .link })
  }

  @Test("The operator's own path may lead over a link")
  func operatorsLink() throws {
    try make("a.jpg")
    symlink("allowed", outer.path + "/link")
    #expect(try AllowedFolder(outer.path + "/link").list().map(\.path) == ["a.jpg"])
  }

  @Test("A pipe, a socket or a device is refused and not waited for")
  func pipes() throws {
    mkfifo(path + "/pipe.jpg", 0o644)
    #expect(try reason("pipe.jpg") == .notRegular)
    #expect(try AllowedFolder(path).list().map(\.refusal) == [.pipe])
    #expect(
      try AllowedFolder("/dev").list().contains { $0.path == "null" && $0.refusal == .device })
    let devices = try AllowedFolder("/dev")
    #expect(throws: AllowedFolderError.self) { try devices.open("null") }
  }

  @Test("Names that are no UTF-8 are opened by their bytes and shown as GB18030, else by number")
  func names() throws {
    let names: [[UInt8]] = [[0xd5, 0xd5, 0xc6, 0xac], [0xff, 0xff], Array("照片".utf8)]
    for name in names {
      let file = open((path + "/").utf8CString.dropLast() + name.map(CChar.init(bitPattern:)) + [0])
      #expect(file >= 0)
      close(file)
    }
    let folder = try AllowedFolder(path)
    let listed = try folder.list()
    #expect(listed.map(\.name) == ["照片", "照片 (2)", "entry-3"])
    for entry in listed { _ = try folder.open(entry.path) }
  }

  private func open(_ path: some Collection<CChar>) -> Int32 {
    Glibc.open(Array(path), O_CREAT | O_WRONLY, 0o644)
  }

  @Test("What is too many is an error, what lies too deep is refused")
  func bounds() throws {
    try make("a/b/c/d.jpg")
    try make("a/e.jpg")
    let folder = try AllowedFolder(path)
    var limits = FolderLimits()
    limits.maxDepth = 2
    let listed = try folder.list(limits: limits)
    #expect(listed.map(\.path) == ["a/b/c", "a/e.jpg"])
    #expect(listed.first?.refusal == .tooDeep(limit: 2))
    limits = FolderLimits()
    limits.maxEntries = 5
    #expect(try folder.list(limits: limits).count == 2)
    limits.maxEntries = 4
    let error = try #require(throws: AllowedFolderError.self) { try folder.list(limits: limits) }
    #expect(error.reason == .tooManyEntries(limit: 4))
  }

  @Test("A file, or nothing, is no folder")
  func noFolder() throws {
    try make("a.jpg")
    #expect(throws: FileError.self) { try AllowedFolder(path + "/a.jpg") }
    #expect(throws: FileError.self) { try AllowedFolder(path + "/none") }
  }

  @Test("A kernel without openat2 is named as the reason")
  func oldKernel() {
    let error = AllowedFolderError("a", code: ENOSYS)
    #expect(error.reason == .oldKernel && "\(error)".contains("Linux 5.6"))
  }

  @Test("A folder that is exchanged for a link again and again never leads outside")
  func race() throws {
    try make("a/file.jpg", "inside")
    try make("../b/file.jpg", "secret")
    symlink("../b", path + "/link")
    let folder = try AllowedFolder(path)
    let swapping = path
    let isOver = Flag()
    let thread = try WorkerThread {
      while !isOver.value.load(ordering: .relaxed) {
        rename(swapping + "/a", swapping + "/aside")
        rename(swapping + "/link", swapping + "/a")
        rename(swapping + "/a", swapping + "/link")
        rename(swapping + "/aside", swapping + "/a")
      }
    }
    var opened = 0
    for _ in 0..<20_000 {
      do {
        let file = try folder.open("a/file.jpg")
        #expect(try file.bytes(at: 0, count: 99) == Array("inside".utf8))
        opened += 1
      } catch let error as AllowedFolderError {
        #expect([.link, .notFound, .notFolder].contains(error.reason), "\(error)")
      }
      if opened.isMultiple(of: 100) {
        #expect(try folder.list().allSatisfy { !$0.path.hasPrefix("b/") })
      }
    }
    isOver.value.store(true, ordering: .relaxed)
    thread.join()
    #expect(opened > 0)
  }
}

/// Ends the other thread.
private final class Flag: Sendable {
  let value = Atomic(false)
}
