import Files
import Images
import Options
import PoseFormats
import PoseMotion
import StanceService

/// What `--angles`, `--reps`, `--posture`, `--speed`, `--plot` and `--export curve.mot` ask for.
struct MotionPlan {
  let options: MotionOptions
  /// Where the curves are drawn; nil: nowhere.
  let plot: String?
  /// Where the curves are written.
  let tables: [String]
  /// How tall people are.
  let heights: [BodyHeight]

  /// - Throws: `UsageError` for a file that can't hold curves, and for examples that can't be read.
  init(_ settings: Settings) throws(UsageError) {
    tables = settings.exports.filter { Self.holdsCurves($0, settings) }
    plot = settings.plot
    if let plot {
      let ending = PhotoFormats.fileExtension(of: plot)
      guard ending == "svg" || ending == "png", !Files.isFolder(plot) else {
        throw UsageError(
          "--plot: \(plot.shownPath) is no .svg or .png file; curves are drawn as SVG or PNG")
      }
    }
    guard Set(tables).count == tables.count else {
      throw UsageError("--export: one file is named twice")
    }
    let needsAngles = plot != nil || !tables.isEmpty && settings.motion.landmarks.isEmpty
    var motion = try settings.motionWithExamples()
    if needsAngles { motion.angles = motion.angles ?? .all }
    options = motion.options
    heights = Self.usesMetres(options) ? settings.heights : []
  }

  /// Nothing is made.
  var isEmpty: Bool { options.isEmpty }

  /// Whether something is told in metres, which a body's height scales.
  static func usesMetres(_ options: MotionOptions) -> Bool {
    options.counting != .off || !options.landmarks.isEmpty
  }

  /// Whether a file's ending is that of OpenSim's curves, which hold no landmarks.
  static func holdsCurves(_ path: String, _ settings: Settings) -> Bool {
    guard settings.format == nil, let ending = PhotoFormats.fileExtension(of: path) else {
      return false
    }
    return ["mot", "sto"].contains(ending)
  }
}

extension Settings {
  /// A table of so many bytes is read: some 20,000 samples.
  private static let mostExampleBytes = 64 << 20

  /// The same with the labelled poses of `--examples`.
  ///
  /// - Throws: `UsageError` when they can't be read.
  func motionWithExamples() throws(UsageError) -> MotionChoice {
    var motion = motion
    guard let classifier = try postures() else { return motion }
    (motion.posture, motion.examples) = (true, classifier)
    return motion
  }

  /// What names poses by `--examples`, nil where that is not given.
  ///
  /// - Throws: `UsageError` when they can't be read.
  func postures() throws(UsageError) -> PostureClassifier? {
    guard let examples else { return nil }
    do {
      let bytes = try Files.read(examples, limit: Self.mostExampleBytes)
      let samples = try PostureSample.samples(csv: String(decoding: bytes, as: UTF8.self))
      return PostureClassifier(samples, besideBuiltIn: true)
    } catch let error as FileError {
      throw UsageError("--examples: \(examples.shownPath): \(error.message)")
    } catch {
      throw UsageError("--examples: \(examples.shownPath): \(error)")
    }
  }
}
