import Files
import Images
import Options
import PoseMotion
import StanceService

/// What `--angles`, `--reps`, `--plot` and `--export curve.mot` ask for.
struct MotionPlan {
  let options: MotionOptions
  /// Where the curves are drawn; nil: nowhere.
  let plot: String?
  /// Where the curves are written.
  let tables: [String]

  /// - Throws: `UsageError` for a file that can't hold curves.
  init(_ settings: Settings) throws(UsageError) {
    tables = settings.exports.filter { Self.holdsCurves($0, settings) }
    plot = settings.plot
    if let plot {
      guard PhotoFormats.fileExtension(of: plot) == "svg", !Files.isFolder(plot) else {
        throw UsageError("--plot: \(plot.shownPath) is no .svg file; curves are drawn as SVG")
      }
    }
    guard Set(tables).count == tables.count else {
      throw UsageError("--export: one file is named twice")
    }
    let needsAngles = plot != nil || !tables.isEmpty
    var motion = settings.motion
    if needsAngles { motion.angles = motion.angles ?? .all }
    options = motion.options
  }

  /// Nothing is made.
  var isEmpty: Bool { options.isEmpty }

  /// Whether a file's ending is that of OpenSim's curves, which hold no landmarks.
  static func holdsCurves(_ path: String, _ settings: Settings) -> Bool {
    guard settings.format == nil, let ending = PhotoFormats.fileExtension(of: path) else {
      return false
    }
    return ["mot", "sto"].contains(ending)
  }
}
