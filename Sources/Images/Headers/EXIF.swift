/// What is read of EXIF data: which way is up. CIPA DC-008, tag 0x0112.
enum EXIF {
  /// The orientation in EXIF data without its prefix; upright when it is missing, damaged or not 1...8.
  static func orientation(_ bytes: HeaderBytes) -> Orientation {
    TIFFDirectory(bytes)?.value(0x0112).flatMap(Orientation.init(rawValue:)) ?? .upright
  }
}
