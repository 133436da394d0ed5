package import Files
import Images
package import Options

/// A photo to look at.
package struct Photo: Sendable, Hashable {
  /// Where it is, as the user would write it; "-" for standard input. Results name it so.
  package let path: String
  /// Its path below the folder that was given; its name alone where the photo itself was given.
  package let relativePath: String

  /// A photo of that path and name.
  package init(path: String, relativePath: String) {
    self.path = path
    self.relativePath = relativePath
  }

  /// Whether it comes from standard input.
  package var isStandardInput: Bool { path == "-" }
}

/// The photos that operands stand for, in order.
///
/// An operand that is no folder is a photo, whatever its name. A folder stands for the photos in it and in its
/// folders, by name order: those whose name ends like a picture's (opening every file of a large tree to look at
/// its content would cost more than it finds). Names that begin with a dot are left out. Links are followed, and
/// each folder is visited once, so loops of links end.
package struct PhotoList: Sendable {
  /// A photo, or why there is none.
  package enum Entry: Sendable, Hashable {
    case photo(Photo)
    case problem(path: String, message: String)
  }

  /// In the order of the operands, below a folder sorted by name.
  package private(set) var entries: [Entry] = []
  /// The files that the photos are: nothing is written over them.
  package private(set) var identities: Set<FileIdentity> = []

  /// Whether reading may wait for somebody to write: a pipe or a terminal is among the photos.
  package private(set) var waitsForInput = false

  private let skippedFolders: Set<FileIdentity>

  /// Lists the photos.
  ///
  /// - Parameter outputs: folders that are written to; inside the operands they are left out, so that
  ///   a second run does not take the first one's pictures for photos.
  /// - Throws: `UsageError` when standard input is named twice.
  package init(_ operands: [String], leavingOut outputs: [String] = []) throws(UsageError) {
    guard operands.count(where: { $0 == "-" }) <= 1 else {
      throw UsageError("- stands for standard input, which can be read only once")
    }
    skippedFolders = Set(outputs.compactMap(FileIdentity.init(of:)))
    for operand in operands {
      if operand == "-" {
        addIdentity(of: "/dev/stdin")
        entries.append(.photo(Photo(path: "-", relativePath: "stdin")))
      } else if Files.isFolder(operand) {
        addFolder(operand)
      } else {
        let name = operand.split(separator: "/").last.map(String.init) ?? operand
        addIdentity(of: operand)
        entries.append(.photo(Photo(path: operand, relativePath: name)))
      }
    }
  }

  private mutating func addFolder(_ operand: String) {
    let before = entries.count
    var root = operand
    while root.count > 1, root.hasSuffix("/") { root.removeLast() }
    // Named by the user, so looked into even if it is also the output's folder.
    var visited = Set(FileIdentity(of: root).map { [$0] } ?? [])
    walk(root, below: "", &visited)
    if entries.count == before {
      entries.append(.problem(path: operand, message: "no photos in this folder"))
    }
  }

  private mutating func addIdentity(of path: String) {
    guard let found = FileIdentity.look(at: path) else { return }
    identities.insert(found.identity)
    waitsForInput = waitsForInput || found.kind == .other
  }

  private mutating func walk(
    _ folder: String, below relative: String, _ visited: inout Set<FileIdentity>
  ) {
    let names: [String]
    do { names = try Files.names(in: folder) } catch {
      entries.append(.problem(path: folder, message: error.message))
      return
    }
    for name in names where !name.hasPrefix(".") {
      let path = folder.hasSuffix("/") ? folder + name : folder + "/" + name
      let found = FileIdentity.look(at: path)
      if let found, found.kind == .folder {
        guard !skippedFolders.contains(found.identity), visited.insert(found.identity).inserted
        else { continue }
        walk(path, below: relative + name + "/", &visited)
      } else if PhotoFormats.fileExtension(of: name).map(PhotoFormats.readable.contains) ?? false,
        found?.kind != .other
      {
        // A link that leads nowhere is listed too: reading it gives the error line.
        if let found { identities.insert(found.identity) }
        entries.append(.photo(Photo(path: path, relativePath: relative + name)))
      }
    }
  }
}
