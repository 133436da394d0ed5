package import PoseRendering
package import Stance

/// What is made of a clip beside its results.
package struct ClipProducts: Sendable {
  /// How people are drawn in a video; nil: no such video.
  package var drawing: DrawingStyle?
  /// Whether masks are made.
  package var masks: Bool

  /// Nothing by default.
  package init(drawing: DrawingStyle? = nil, masks: Bool = false) {
    (self.drawing, self.masks) = (drawing, masks)
  }

  /// Why something can't be made.
  package enum Conflict: Sendable, Hashable {
    /// Two passes keep no masks.
    case masksOfTwoPasses
    /// An MP4 holds no transparency.
    case transparency
  }

  /// What stands against it; nil: nothing.
  package func conflict(passes: Int) -> Conflict? {
    if passes > 1, needsMasks { return .masksOfTwoPasses }
    return drawing?.background == .transparent ? .transparency : nil
  }

  /// What has to be looked for, so that it can be made.
  package func pose(_ options: PoseOptions) -> PoseOptions {
    var options = options
    if needsMasks { options.segmentation = true }
    return options
  }

  private var needsMasks: Bool { masks || drawing?.needsMasks == true }
}
