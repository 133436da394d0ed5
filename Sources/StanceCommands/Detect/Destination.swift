import Files
import Images
package import Options

/// Where annotated pictures go.
package enum Destination: Sendable, Hashable {
  /// The one picture is this file.
  case file(String)
  /// Pictures keep their relative paths in this folder.
  case folder(String)

  /// Reads `--output`: a folder that is there, or a path that ends in a slash or without a picture's
  /// extension, is a folder; else it is the file of the one photo.
  ///
  /// - Throws: `UsageError` when there are more photos than a file can hold, or nothing of that name can be
  ///   written.
  package init(output path: String, operands: [String]) throws(UsageError) {
    guard path != "-" else {
      throw UsageError(
        "--output: pictures can't be written to standard output; name a file or folder")
    }
    if Files.isFolder(path) || path.hasSuffix("/") {
      self = .folder(path)
      return
    }
    guard let ending = PhotoFormats.fileExtension(of: path), PhotoFormats.readable.contains(ending)
    else {
      guard !Files.exists(path) else {
        throw UsageError("--output: \(path) is neither a folder nor a .jpg, .png or .webp file")
      }
      self = .folder(path)
      return
    }
    guard PhotoFormats.writable[ending] != nil else {
      throw UsageError("--output: .\(ending) can't be written; choose .jpg, .png or .webp")
    }
    guard operands.count == 1, let operand = operands.first, !Files.isFolder(operand) else {
      throw UsageError(
        "--output: \(path) is one file, but there may be several photos; name a folder")
    }
    self = .file(path)
  }
}

/// Names for what is written, no two the same.
///
/// A name says by itself which photo it belongs to, whatever other photos there are: a photo's own name
/// where it ends as the wanted format does, else the name with the format's ending after it. So a.jpg, a.png and
/// a.heic become a.jpg, a.png and a.heic.jpg. Only photos of one relative path (of two folders) are numbered:
/// a.jpg, a-2.jpg.
package struct OutputNames {
  private var taken: Set<[UInt8]> = []
  /// The folder without slashes at its end.
  let folder: String
  private let endings: Set<String>
  private let defaultEnding: String

  /// Names of annotated pictures: JPEG, PNG and WebP photos keep their format, others become JPEG; those with
  /// transparency become PNG, but for WebP.
  package static func pictures(in folder: String, isTransparent: Bool = false) -> OutputNames {
    let endings = PhotoFormats.writable.keys.filter {
      !isTransparent || PhotoFormats.transparent.contains($0)
    }
    return OutputNames(
      folder: folder, endings: Set(endings), defaultEnding: isTransparent ? "png" : "jpg")
  }

  /// Names of masks: always PNG.
  package static func masks(in folder: String) -> OutputNames {
    OutputNames(folder: folder, endings: ["png"], defaultEnding: "png")
  }

  private init(folder: String, endings: Set<String>, defaultEnding: String) {
    var folder = folder
    while folder.count > 1, folder.hasSuffix("/") { folder.removeLast() }
    self.folder = folder
    self.endings = endings
    self.defaultEnding = defaultEnding
  }

  /// The path of what is written for that photo.
  package mutating func next(for photo: Photo) -> String {
    let own = photo.relativePath
    let ending = PhotoFormats.fileExtension(of: own)
    let keepsName = ending.map(endings.contains) ?? false
    let name = keepsName ? own : own + "." + defaultEnding
    var candidate = name
    var number = 2
    while !taken.insert(candidate.pathBytes).inserted {
      let dot = name.lastIndex(of: ".") ?? name.endIndex
      candidate = name[..<dot] + "-\(number)" + name[dot...]
      number += 1
    }
    return folder.hasSuffix("/") ? folder + candidate : folder + "/" + candidate
  }
}
