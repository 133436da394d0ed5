import Files

/// The file that is written, and what lies beside it until it is whole.
struct OutputFile {
  /// Where the whole file will be.
  let path: String
  /// Where the fragments are until then: "drawn.partial.mp4" beside "drawn.mp4".
  let partialPath: String
  /// The fragments, for reading and writing.
  let partial: OpenFile

  private static let endings: Set = ["mp4", "m4v", "mov"]

  /// Makes the partial file, in place of one that an earlier run has left.
  ///
  /// - Throws: `VideoError` when nothing can be written there, or something that is read lies there.
  init(_ path: String, sources: [FileIdentity]) throws(VideoError) {
    self.path = path
    partialPath = try Self.partialPath(for: path)
    for place in [path, partialPath] {
      guard let (identity, kind) = FileIdentity.look(at: place) else { continue }
      if sources.contains(identity) {
        throw VideoError(
          .unwritable, "\(place.shownPath) is the video that is read; another name is needed")
      }
      guard kind == .regular else {
        let what = kind == .folder ? "a folder" : "no ordinary file"
        throw VideoError(.unwritable, "\(place.shownPath) is \(what), and is not written over")
      }
    }
    let folder = Files.parent(of: path)
    guard Files.isFolder(folder) else {
      throw VideoError(.unwritable, "there is no folder \(folder.shownPath)")
    }
    do {
      try Files.remove(partialPath)
      partial = try OpenFile(making: partialPath)
    } catch {
      throw Self.failure(error)
    }
  }

  /// "a.partial.mp4" for "a.mp4".
  static func partialPath(for path: String) throws(VideoError) -> String {
    let bytes = path.pathBytes
    let name = bytes.lastIndex(of: UInt8(ascii: "/")).map { $0 + 1 } ?? 0
    guard let dot = bytes[name...].lastIndex(of: UInt8(ascii: ".")), dot > name,
      endings.contains(String(decoding: bytes[(dot + 1)...], as: UTF8.self).lowercased())
    else {
      throw VideoError(
        .unwritable, "\(path.shownPath): the name of a video to write ends in .mp4, .m4v or .mov")
    }
    return String(pathBytes: bytes[..<dot] + Array(".partial".utf8) + bytes[dot...])
  }

  /// Removes the partial file, unless another writer has put its own there.
  func removePartial() throws(VideoError) {
    guard let there = FileIdentity(of: partialPath), there == partial.identity else { return }
    do { try Files.remove(partialPath) } catch { throw Self.failure(error) }
  }

  /// Has `fill` write a new file, and puts that in the output's place once it is whole.
  func replace(_ fill: (OpenFile) throws(VideoError) -> Void) throws(VideoError) {
    let temporary = Files.hiddenName(beside: path)
    do {
      let file = try OpenFile(making: temporary)
      do {
        try fill(file)
        // What is renamed must be on the disk: the partial file is removed next.
        try file.sync()
        try Files.rename(temporary, to: path)
      } catch {
        try Files.remove(temporary)
        throw error
      }
    } catch let error as FileError {
      throw Self.failure(error)
    } catch let error as VideoError {
      throw error
    } catch {
      throw VideoError(.unwritable, "\(error)")
    }
  }

  private static func failure(_ error: FileError) -> VideoError {
    VideoError(.unwritable, "\(error.path.shownPath) can't be written: \(error.message)")
  }
}
