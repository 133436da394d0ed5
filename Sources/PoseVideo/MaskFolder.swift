package import Files
import Images
package import Stance
package import Video

/// The masks of a clip as pictures in a folder: an 8-bit grey PNG a frame, white where people are, named by the frame's number:
/// 000012.png.
package struct MaskFolder: ClipOutput {
  private let folder: String

  /// Masks of what this reader reads, in this folder, which is made.
  ///
  /// - Throws: `OutputFailure` when it can't be made, or is the folder that is read.
  package init(_ folder: String, of reader: VideoReader) throws(OutputFailure) {
    self.folder = folder
    do { try Files.makeFolder(folder) } catch { throw OutputFailure(folder, error.message) }
    guard FileIdentity(of: folder) != reader.identity else {
      throw OutputFailure(folder, "is the folder that is read, where nothing is written")
    }
  }

  package func add(_ frame: VideoFrame, _ people: TrackedFrame) throws {
    let number = "\(frame.index)"
    let name = String(repeating: "0", count: max(0, 6 - number.count)) + number + ".png"
    let path = folder.hasSuffix("/") ? folder + name : folder + "/" + name
    do { try Files.write(ImageEncoder.png(people.result.maskOfAll), to: path) } catch {
      throw OutputFailure(path, "\((error as? FileError)?.message ?? "\(error)")")
    }
  }

  package func finish() -> [String] { [] }

  package func abandon() -> ClipRemains? { nil }
}
