import Images

/// What handed-over bytes are, by their beginning.
enum JobContent: Sendable, Hashable {
  case archive, picture, animation, video

  /// So many bytes tell.
  static let headSize = 512

  /// - Parameter hint: what the caller says that it is, if anything: asked where the bytes leave it open.
  init(_ head: [UInt8], hint: JobContent?) {
    func has(_ mark: [UInt8], at place: Int = 0) -> Bool {
      head.dropFirst(place).starts(with: mark)
    }
    let archives: [[UInt8]] = [
      [0x50, 0x4B, 3, 4], [0x50, 0x4B, 5, 6],  // ZIP, and an empty one
      [0x1F, 0x8B], Array("BZh".utf8), [0xFD, 0x37, 0x7A, 0x58, 0x5A, 0], [0x28, 0xB5, 0x2F, 0xFD],
    ]
    if archives.contains(where: { has($0) }) || has(Array("ustar".utf8), at: 257) {
      self = .archive
    } else if has(Array("GIF8".utf8)) {
      self = hint == .video ? .video : .animation
    } else if ImageFormat(of: head) != nil {
      // What is moving in it, as in some AVIF files, is as little looked at as by /v1/pose.
      self = .picture
    } else {
      self = hint ?? .video
    }
  }
}
