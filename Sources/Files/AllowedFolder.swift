import CProcesses
import Glibc

/// A folder that the operator allowed to be read by strangers' words: nothing outside it can be reached from here, by ".."
/// nor by a link, whatever is renamed meanwhile; the kernel sees to it (openat2, Linux 5.6).
package final class AllowedFolder: Sendable {
  private let folder: OpenFile

  /// Opens the operator's folder, by links too: these are the operator's.
  ///
  /// - Throws: `FileError` when there is none; `AllowedFolderError.Reason.oldKernel` when the kernel can't keep strangers in it.
  package init(_ path: String) throws {
    folder = try OpenFile(reading: path)
    guard try folder.kind() == .folder else { throw FileError(path, code: ENOTDIR) }
    let probe = stance_open_beneath(folder.descriptor, ".", 1)
    guard probe >= 0 else {
      // Filters of system calls that don't know it say EPERM.
      throw AllowedFolderError(path, code: errno == EPERM ? ENOSYS : errno)
    }
    close(probe)
  }

  /// Opens a regular file for reading; a pipe or a device is refused without being waited for.
  ///
  /// - Parameter path: a relative path, from a stranger or from a listing.
  package func open(_ path: String) throws(AllowedFolderError) -> OpenFile {
    let descriptor = try descriptor(of: path, isFolder: false)
    do throws(FileError) {
      let file = try OpenFile(taking: descriptor, named: path)
      if case .regular = try file.kind() { return file }
    } catch { throw AllowedFolderError(path, error) }
    throw AllowedFolderError(path, .notRegular)
  }

  /// All files beneath a folder, and what was refused there, in the order of their paths' bytes. Folders and what macOS
  /// leaves are passed over, as is what goes while it is looked for.
  ///
  /// - Parameter path: the folder, relative to this one; "" for this one.
  package func list(
    _ path: String = "", limits: FolderLimits = FolderLimits()
  ) throws(AllowedFolderError) -> [FolderEntry] {
    let start = Self.joinable(path)
    var walk = FolderWalk(limits: limits)
    // That the first can't be opened is an error; of those beneath it is told.
    try walk.look(through: descriptor(of: path, isFolder: true), start, depth: 0)
    while let next = walk.nextFolder() {
      let opened: Int32
      do throws(AllowedFolderError) {
        opened = try descriptor(of: String(pathBytes: next.path), isFolder: true)
      } catch {
        if error.reason != .notFound { walk.refuse(next.path, .unreadable(error.reason.text)) }
        continue
      }
      try walk.look(through: opened, next.path, depth: next.depth)
    }
    return walk.entries()
  }

  /// Without separators at its end, and "" for this folder.
  private static func joinable(_ path: String) -> [UInt8] {
    let parts = path.pathBytes.split(separator: UInt8(ascii: "/"))
      .filter { !$0.elementsEqual(".".utf8) }
    return Array(parts.joined(separator: "/".utf8))
  }

  private func descriptor(
    of path: String, isFolder: Bool
  ) throws(AllowedFolderError) -> Int32 {
    let bytes = path.pathBytes
    let parts = bytes.split(separator: UInt8(ascii: "/"))
    guard bytes.first != UInt8(ascii: "/"), !bytes.contains(0),
      !parts.contains(where: { $0.elementsEqual("..".utf8) })
    else { throw AllowedFolderError(path, .outside) }
    let descriptor = stance_open_beneath(
      folder.descriptor, bytes.isEmpty ? [CChar(bitPattern: UInt8(ascii: ".")), 0] : path.cPath,
      isFolder ? 1 : 0)
    guard descriptor >= 0 else { throw AllowedFolderError(path, code: errno) }
    return descriptor
  }
}
