import Files
import Glibc
import Images
import Inference
import Options

/// One line of `stance doctor`.
struct DoctorLine: Sendable, Hashable {
  let label: String
  let value: String
  let isProblem: Bool

  init(_ label: String, _ value: String, isProblem: Bool = false) {
    self.label = label
    self.value = value
    self.isProblem = isProblem
  }

  var text: String { "\(isProblem ? "!" : " ") \(label.padded(to: 13)) \(value.onOneLine)\n" }
}

/// What `stance doctor` looks at beside inference.
enum MachineChecks {
  /// Which picture formats can be read.
  static func pictureFormats() -> [DoctorLine] {
    let broken = ImageEncoder.formats.filter { !survivesRoundTrip($0) }
    let names = { (formats: [ImageFormat]) in formats.map(\.rawValue).joined(separator: ", ") }
    let ffmpeg = Files.program("ffmpeg")
    return [
      broken.isEmpty
        ? DoctorLine("pictures", "\(names(ImageEncoder.formats)) in process")
        : DoctorLine("pictures", "can't read or write \(names(broken))", isProblem: true)
    ] + helper() + [
      DoctorLine(
        "ffmpeg", ffmpeg ?? "not found: no bmp; install the package ffmpeg",
        isProblem: ffmpeg == nil)
    ]
  }

  /// The program that decodes what is not decoded in process, its libraries, and which bounds hold for it.
  private static func helper() -> [DoctorLine] {
    let name = "stance-decode"
    let none = "no gif, tiff, bmp, heic, avif"
    guard let path = DecodingTools.standard.helper else {
      return [
        DoctorLine(name, "not found: \(none); it belongs beside the program", isProblem: true)
      ]
    }
    guard let report = DecodingTools.standard.helperReport() else {
      return [DoctorLine(name, "\(path) does not run: \(none)", isProblem: true)]
    }
    let words = report.map { $0.split(separator: " ", maxSplits: 1).map(String.init) }
    let rest = { (kind: String) in words.filter { $0.first == kind }.compactMap(\.last) }
    let bounds = rest("bound")
    let missing = bounds.filter { !$0.hasSuffix(" holds") }
    return [
      DoctorLine(name, path), DoctorLine("", rest("library").joined(separator: ", ")),
      DoctorLine(
        "sandbox", bounds.joined(separator: ", "), isProblem: bounds.isEmpty || !missing.isEmpty),
    ]
  }

  private static func survivesRoundTrip(_ format: ImageFormat) -> Bool {
    let size = ImageSize(width: 8, height: 8)
    let image = Image(size: size, bgrx: [UInt8](repeating: 200, count: 4 * size.pixelCount))
    do {
      return try EncodedImage(ImageEncoder.encode(image, as: format)).decode().size == size
    } catch { return false }
  }

  /// Where compiled models are kept.
  static func cache() -> DoctorLine {
    guard let folder = CompiledModelCache.standard?.folder else {
      return DoctorLine("cache", "none: neither XDG_CACHE_HOME nor HOME is set; starts are slower")
    }
    // The folder is made at the first write, so what counts is the nearest one that is there.
    var place = folder
    while !Files.exists(place), place != Files.parent(of: place) { place = Files.parent(of: place) }
    return access(place, W_OK) == 0
      ? DoctorLine("cache", folder)
      : DoctorLine("cache", "\(folder) can't be written; starts are slower", isProblem: true)
  }

  /// Variables that look like ours and are not.
  static func unknownVariables(_ environment: [String: String]) -> DoctorLine? {
    let known = Set(StanceTable.table.rows.map(\.variable) + ["STANCE_CONFIG", "STANCE_KEY"])
    let unknown = environment.keys.filter { $0.hasPrefix("STANCE_") && !known.contains($0) }
      .sorted()
    guard !unknown.isEmpty else { return nil }
    return DoctorLine(
      "variables", "no option is set by \(unknown.joined(separator: ", "))", isProblem: true)
  }
}
