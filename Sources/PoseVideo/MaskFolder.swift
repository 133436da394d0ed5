import Files
import Images
package import Stance
package import Video

/// The masks of a clip as pictures in a folder: an 8-bit grey PNG a frame, white where people are, named by the frame's number:
/// 000012.png.
package struct MaskFolder: ClipOutput {
  private let folder: String

  /// Masks in this folder, which is made.
  ///
  /// - Throws: `FileError` when it can't be made.
  package init(_ folder: String) throws {
    self.folder = folder
    try Files.makeFolder(folder)
  }

  package func add(_ frame: VideoFrame, _ people: TrackedFrame) throws {
    let number = "\(frame.index)"
    let name = String(repeating: "0", count: max(0, 6 - number.count)) + number + ".png"
    try Files.write(
      ImageEncoder.png(people.result.maskOfAll),
      to: folder.hasSuffix("/") ? folder + name : folder + "/" + name)
  }

  package func finish() -> [String] { [] }

  package func abandon() -> String? { nil }
}
