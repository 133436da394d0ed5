/// The frame of a `.glb` file.
///
/// glTF 2.0 specification, "4. GLB File Format Specification": a header of three numbers, a chunk of JSON padded with
/// blanks, and a chunk of bytes padded with zeros, both to multiples of four.
enum GLTFContainer {
  /// All that stands before the bytes of the buffer, which must be a multiple of four.
  ///
  /// - Throws: `PoseFormatError` with `.unsuitable` when the file takes 4 GiB or more, which its header can't say.
  static func start(json: [UInt8], byteCount: Int) throws(PoseFormatError) -> [UInt8] {
    var json = json
    json.pad(to: 4, with: UInt8(ascii: " "))
    let total = 12 + 8 + json.count + (byteCount > 0 ? 8 + byteCount : 0)
    guard let length = UInt32(exactly: total) else {
      throw PoseFormatError(
        code: .unsuitable,
        message: "the glTF file would take \(total) bytes, and \(UInt32.max) is the most")
    }
    var bytes = Array("glTF".utf8)
    bytes.append(littleEndian: 2 as UInt32)
    bytes.append(littleEndian: length)
    bytes.append(littleEndian: UInt32(json.count))
    bytes += "JSON".utf8
    bytes += json
    if byteCount > 0 {
      bytes.append(littleEndian: UInt32(byteCount))
      bytes += "BIN\0".utf8
    }
    return bytes
  }
}
