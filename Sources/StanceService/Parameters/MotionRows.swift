package import Options
package import PoseMotion

/// What is asked for of people's movement: the same for the command and for a request's query.
package struct MotionChoice: Sendable, Hashable {
  /// The angles that are measured; nil: none.
  package var angles: AngleNames?
  /// What 0 means in them.
  package var convention = AngleConvention.flexion
  /// What is counted.
  package var counting = MotionOptions.Counting.off

  /// Nothing.
  package init() {}

  /// What is made.
  package var options: MotionOptions {
    MotionOptions(angles: angles?.angles ?? [], convention: convention, counting: counting)
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
  ]

  /// Of what moves.
  package static let all: [OptionRow<MotionChoice>] =
    angles + [
      .option(
        "reps", \.counting, "Count repetitions; auto tells squats and push-ups by themselves")
    ]
}
