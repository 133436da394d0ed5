package import PoseFormats
package import PoseRendering
package import PoseVideo
package import Stance
package import StanceService

/// Everything that options can set, with its defaults.
package struct Settings: Sendable {
  /// What to look for.
  package var pose = PoseOptions()
  /// How inference runs.
  package var engine = EngineOptions()
  /// How people are drawn.
  package var style = DrawingStyle()
  /// The same where the tutorial is answered like, which draws in another way unless an option says how.
  package var tutorialStyle = ServiceConfiguration.tutorialStyle
  /// Whether results are printed as JSON Lines.
  package var json = false
  /// The file or folder for annotated pictures, or the file of the drawn video.
  package var output: String?
  /// The folder for masks, of a video also their file.
  package var mask: String?
  /// The files that results are exported to.
  package var exports: [String] = []
  /// Their format; nil: by the files' endings.
  package var format: FormatName?
  /// How tall people are.
  package var heights: [BodyHeight] = []
  /// What is measured and counted; where curves are wanted all angles, unless some are named.
  package var motion = MotionChoice()
  /// The file that curves are drawn into.
  package var plot: String?
  /// 1...100, for JPEG and WebP.
  package var quality = 90
  /// Which frames of a video are looked at, and how its people are followed.
  package var clip = ClipOptions()
  /// How the service listens and what bounds it.
  package var server = ServerOptions()
  /// Where jobs are kept and what they may have.
  package var jobs = JobOptions()
  /// Whom the service may tell of jobs' ends.
  package var webhooks = WebhookOptions()
  /// How `stance jobs` reaches jobs.
  package var reaching = JobsOptions()

  /// The defaults.
  package init() {}
}
