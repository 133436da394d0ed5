package import Options
package import PoseMotion
package import Stance

/// What is asked for of people's movement: the same for the command and for a request's query.
package struct MotionChoice: Sendable, Hashable {
  /// The angles that are measured; nil: none.
  package var angles: AngleNames?
  /// What 0 means in them.
  package var convention = AngleConvention.flexion
  /// What is counted.
  package var counting = MotionOptions.Counting.off

  /// Whether it is said how everybody is held.
  package var posture = false
  /// By what poses are named then; nil: by the built-in ones.
  package var examples: PostureClassifier?

  /// Whose speed is measured, over a whole clip.
  package var landmarks: [LandmarkName] = []

  /// Nothing.
  package init() {}

  /// What is made.
  package var options: MotionOptions {
    MotionOptions(
      angles: angles?.angles ?? [], convention: convention, counting: counting,
      postures: posture ? examples ?? .builtIn : nil, landmarks: landmarks)
  }
}

/// The rows of ``MotionChoice``.
package enum MotionRows {
  /// Of a picture or a clip.
  package static let angles: [OptionRow<MotionChoice>] = [
    .option("angles", \.angles, "Measure these angles of everybody, in degrees"),
    .option(
      "angles-convention", \.convention,
      "What 0 means: flexion, straight or neutral; mediapipe, the angle between the limbs, 180 where straight"
    ),
    .option(
      "posture", \.posture,
      "Say how everybody is held: standing, sitting, lying, hands up, and like which labelled pose"),
  ]

  /// Of what moves.
  package static let all: [OptionRow<MotionChoice>] =
    angles + [
      .option(
        "reps", \.counting, "Count repetitions; auto finds out by itself what somebody does")
    ]

  /// Of whole clips.
  package static let speed = OptionRow<MotionChoice>.list(
    "speed", \.landmarks,
    "Measure how fast this landmark goes, by metres from the hips and in the picture")
}
