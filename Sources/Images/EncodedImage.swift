import Files

/// A picture as bytes, with its header read and found within the limits: not decoded yet.
///
///     let photo = try EncodedImage(contentsOf: "photo.jpg")
///     let image = try photo.decode()
public struct EncodedImage: Sendable {
  /// What the content says it is.
  public let format: ImageFormat
  /// The upright picture's size by the header; nil for HEIC and AVIF, where only decoding tells.
  public var size: ImageSize? { header.upright }
  /// The encoded bytes.
  public let bytes: [UInt8]

  private let header: ImageHeader
  private let limits: ImageLimits

  /// Reads the header.
  ///
  /// - Throws: `ImageError` when it is no picture, of an unknown format, over the limits or damaged.
  public init(_ bytes: [UInt8], limits: ImageLimits = ImageLimits()) throws {
    guard !bytes.isEmpty else { throw ImageError(.empty, "no bytes") }
    guard bytes.count <= limits.maxBytes else {
      throw ImageError(.tooLarge, "\(bytes.count) bytes; at most \(limits.maxBytes) are read")
    }
    let view = HeaderBytes(bytes)
    switch ContentType(view) {
    case .image(let format):
      self.format = format
    case .unread(let name):
      throw ImageError(.unsupportedFormat, "\(name) is not read; \(Self.readFormats) are")
    case .unknown:
      throw ImageError(.notAnImage, "the content is no known picture format")
    }
    self.bytes = bytes
    self.limits = limits
    header = try format.readHeader(view)
    if let stored = header.stored { try limits.check(stored) }
  }

  /// Reads a file and its header.
  ///
  /// - Throws: `ImageError` as above; `.unreadableFile` when the file can't be read. The message does not name the path.
  public init(contentsOf path: String, limits: ImageLimits = ImageLimits()) throws {
    let bytes: [UInt8]
    do {
      bytes = try Files.read(path, limit: limits.maxBytes)
    } catch {
      if case .tooLarge = error.reason { throw ImageError(.tooLarge, error.message) }
      throw ImageError(.unreadableFile, error.message)
    }
    try self.init(bytes, limits: limits)
  }

  /// The upright picture: EXIF orientation applied, alpha composed on white.
  ///
  /// - Parameter reduction: 1, 2, 4 or 8: JPEGs are decoded at 1/reduction of their size (rounded up); other
  ///   formats always come whole.
  /// - Throws: `ImageError` when the data is truncated or damaged; never a half picture.
  public func decode(reduction: Int = 1) throws -> Image {
    try decode(reduction: reduction, tools: .standard)
  }

  /// The upright picture, decoded with these programs where a program is needed.
  package func decode(reduction: Int = 1, tools: DecodingTools) throws -> Image {
    precondition([1, 2, 4, 8].contains(reduction), "a reduction is 1, 2, 4 or 8")
    return header.orientation.apply(to: try decodeStored(reduction, tools))
  }

  /// The registry of decoders.
  private func decodeStored(_ reduction: Int, _ tools: DecodingTools) throws -> Image {
    guard let size = header.stored else {
      return try HelperDecoder.decode(bytes, format, nil, limits, tools)
    }
    let view = HeaderBytes(bytes)
    switch format {
    case .jpeg:
      return try JPEGDecoder.decode(bytes, size, reduction)
    case .png:
      try PNGHeader.checkComplete(view)
      return try PNGDecoder.decode(bytes, size)
    case .webp:
      return try WebPDecoder.decode(bytes, size, isAnimated: header.isAnimated)
    case .gif:
      try GIFHeader.checkComplete(view)
    case .tiff:
      try TIFFHeader.checkComplete(view)
    case .bmp:
      try BMPHeader.checkComplete(view, size: size)
      return try FFmpegDecoder.decode(bytes, size, limits, tools)
    case .heic, .avif:
      break
    }
    return try HelperDecoder.decode(bytes, format, size, limits, tools)
  }

  /// "JPEG, PNG, … and AVIF", for messages.
  private static let readFormats: String = {
    let titles = ImageFormat.allCases.map(\.title)
    return titles.dropLast().joined(separator: ", ") + " and " + titles.suffix(1).joined()
  }()
}
