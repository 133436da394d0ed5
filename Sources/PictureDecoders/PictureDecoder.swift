/// The formats that are decoded here, by the word that names them on the helper's command line: the registry.
package enum PictureDecoder: String, CaseIterable, Sendable {
  case gif, tiff, heic, avif

  /// Loads and prepares what can't be once files are out of reach.
  package func prepare() throws(Failure) {
    if self == .heic { try HEICPicture.prepare() }
  }

  /// Decodes the first or primary picture.
  ///
  /// - Throws: when it is damaged, ends early, is of a kind that is not read, or larger than the sink takes. Some rows may
  ///   have been written then.
  package func decode(
    _ bytes: UnsafeRawBufferPointer, into sink: some PictureSink
  ) throws(Failure) {
    switch self {
    case .gif: try GIFPicture.decode(bytes, into: sink)
    case .tiff: try TIFFPicture.decode(bytes, into: sink)
    case .heic: try HEICPicture.decode(bytes, into: sink)
    case .avif: try AVIFPicture.decode(bytes, into: sink)
    }
  }

  /// The library behind it, with its version: "libtiff 4.5.0".
  package var library: String {
    switch self {
    case .gif: GIFPicture.library
    case .tiff: TIFFPicture.library
    case .heic: HEICPicture.library
    case .avif: AVIFPicture.library
    }
  }
}
