/// How a format makes bytes of results.
enum PoseEncoding: Sendable {
  /// Bytes leave as frames come; nothing grows with their number.
  case streamed(@Sendable (ExportSource) -> any PoseEncoder)
  /// The whole clip has to be there first. Bytes are handed over in pieces, so that no file need fit in memory; of a format
  /// with a file a person, the clip has one person, or none.
  case whole(@Sendable (PoseClip, _ output: ([UInt8]) throws -> Void) throws -> Void)
}

/// Makes one file, or where there is a file a frame one after the other, of frames as they come.
package protocol PoseEncoder: Sendable {
  /// What stands before all frames.
  mutating func begin() throws -> [UInt8]
  /// What a frame is; all of its file, where there is a file a frame.
  mutating func encode(_ frame: ExportFrame) throws -> [UInt8]
  /// What stands after all frames. Without frames the file is whole too.
  mutating func end() throws -> [UInt8]
}

extension PoseEncoder {
  package func begin() throws -> [UInt8] { [] }
  package func end() throws -> [UInt8] { [] }
}
