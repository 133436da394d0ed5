/// What a file's metadata say of which way is up, in all the places where programs write it.
///
/// The places may contradict each other, where a program turned the picture and changed one of them only. EXIF is what
/// cameras write and what browsers read, so it is believed first.
struct OrientationTags {
  private var exif: Orientation?
  /// EXIF data as a PNG's text.
  private var text: Orientation?
  private var xmp: Orientation?

  /// By the place that is believed first; upright when none says anything.
  var orientation: Orientation { exif ?? text ?? xmp ?? .upright }

  /// EXIF data, with its prefix or without. Of several the first that tells.
  mutating func add(exif data: HeaderBytes) { exif = exif ?? EXIF.orientation(data) }

  /// An XMP packet.
  mutating func add(xmp packet: HeaderBytes) { xmp = xmp ?? XMP.orientation(packet) }

  /// The body of a JPEG's first application segment, which holds EXIF or XMP.
  mutating func add(application body: HeaderBytes) {
    if body.has(EXIF.prefix) {
      add(exif: body)
    } else if body.has(XMP.prefix) {
      add(xmp: body)
    }
  }

  /// A profile that ImageMagick wrote into a PNG's text: EXIF or XMP, whatever its name says.
  mutating func add(profile: HeaderBytes) {
    if let found = EXIF.orientation(profile) {
      text = text ?? found
    } else {
      add(xmp: profile)
    }
  }
}
