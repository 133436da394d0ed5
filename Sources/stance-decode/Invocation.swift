import ArchiveDecoder
import Glibc
import PictureDecoders

/// What this process is to do.
enum Invocation {
  /// Decode standard input to standard output.
  case decode(PictureDecoder, maxPixels: Int, maxBytes: Int)
  /// Tell what the archive holds that is standard input, a regular file.
  case archive(lists: Bool, maxEntryBytes: Int)
  /// Become another decoder, with fewer rights.
  case run(program: String, arguments: [String], rights: Sandbox.Rights)
  /// Say which libraries decode and which bounds hold on this machine.
  case about

  private static let usage = """
    usage: stance-decode gif|tiff|heic|avif MAX-PIXELS MAX-BYTES <picture >pixels
           stance-decode archive list|read MAX-ENTRY-BYTES <archive >frames
           stance-decode run [--read FILE | --write FILE | --device FILE | --network | --with-parent]…
                         PROGRAM ARGUMENT…
           stance-decode about
    """

  /// What unpacking may take: zstd's largest window that is read without being asked for has 128 MiB, and of a ZIP archive
  /// the names of all entries are kept.
  private static let archiveMemory = 256 << 20

  init(_ words: some Collection<String>) throws(Failure) {
    let words = Array(words)
    switch words.first {
    case "about" where words.count == 1: self = .about
    case "archive":
      guard words.count == 3, ["list", "read"].contains(words[1]), let maxBytes = Int(words[2]),
        maxBytes > 0
      else { throw Failure(.usage, Self.usage) }
      self = .archive(lists: words[1] == "list", maxEntryBytes: maxBytes)
    case "run" where words.count > 1:
      var rest = words.dropFirst()
      let rights = Self.rights(&rest)
      guard let program = rest.first, !program.hasPrefix("-") else {
        throw Failure(.usage, Self.usage)
      }
      self = .run(program: program, arguments: Array(rest.dropFirst()), rights: rights)
    case let name?:
      guard words.count == 3, let decoder = PictureDecoder(rawValue: name),
        let maxPixels = Int(words[1]), let maxBytes = Int(words[2]), maxPixels > 0, maxBytes > 0
      else { throw Failure(.usage, Self.usage) }
      self = .decode(decoder, maxPixels: maxPixels, maxBytes: maxBytes)
    case nil: throw Failure(.usage, Self.usage)
    }
  }

  func run() throws(Failure) {
    switch self {
    case .decode(let decoder, let maxPixels, let maxBytes):
      // All that needs files comes first.
      let memory = try Memory()
      try decoder.prepare()
      Sandbox.confine()
      try Self.decode(
        with: decoder, StandardStreams.read(atMost: maxBytes),
        into: StandardOutput(maxPixels: maxPixels, memory: memory))
    case .archive(let lists, let maxEntryBytes):
      let memory = try Memory()
      let size = try StandardStreams.inputSize()
      ArchiveDecoder.prepare()
      Sandbox.confine()
      try memory.bound(growth: Self.archiveMemory)
      try ArchiveDecoder.decode(
        0, size: size, lists: lists, maxEntryBytes: maxEntryBytes, into: ArchiveOutput())
    case .run(let program, let arguments, let rights):
      try Sandbox.execute(program, arguments, with: rights)
    case .about:
      try StandardStreams.write(text: About.lines().joined(separator: "\n") + "\n")
    }
  }

  /// Takes the switches off the front.
  private static func rights(_ words: inout ArraySlice<String>) -> Sandbox.Rights {
    var rights = Sandbox.Rights()
    while let name = words.first {
      switch (name, words.dropFirst().first) {
      case ("--network", _): rights.network = true
      case ("--with-parent", _): rights.endsWithParent = true
      case ("--read", let file?): rights.files.append(file)
      case ("--write", let file?): rights.written.append(file)
      case ("--device", let file?): rights.devices.append(file)
      default: return rights
      }
      words = words.dropFirst(["--network", "--with-parent"].contains(name) ? 1 : 2)
    }
    return rights
  }

  private static func decode(
    with decoder: PictureDecoder, _ bytes: [UInt8], into output: StandardOutput
  ) throws(Failure) {
    let failure: Failure? = bytes.withUnsafeBytes { bytes in
      do throws(Failure) {
        try decoder.decode(bytes, into: output)
        return nil
      } catch { return error }
    }
    if let failure { throw failure }
  }
}
