package import Options
package import PoseRendering
package import Stance

/// The rows of ``PoseOptions``: the same for every command and for a request's query.
package enum PoseRows {
  /// Every field, in the order of the help.
  package static let all: [OptionRow<PoseOptions>] = [
    .option(
      "complexity", short: "c", \.complexity, "The landmark model: 0 lite, 1 full, 2 heavy"),
    .option(
      "max-people", short: "n", \.maxPeople,
      "At most so many people, best first; by a quick search in the detector's order", in: 1...100),
    .option(
      "min-detection-confidence", \.minDetectionConfidence,
      "The detector's score from which a detection counts, in a quick search", in: 0...1),
    .option(
      "min-tracking-confidence", \.minTrackingConfidence,
      "The landmark model's pose flag above which a person counts, in a quick search", in: 0...1),
    .option(
      "search", \.search,
      "How much is done to find everybody: quick looks once, thorough many times, auto as often as it pays"
    ),
    .list(
      "region", \.regions,
      "Look only here (up to 16 times), in pixels of the upright picture: people whose hips' middle is inside"
    ),
    .option("segmentation", \.segmentation, "Find each person's mask too; costs time"),
  ]
}

/// The rows of ``DrawingStyle``.
package enum DrawingRows {
  /// Every field, in the order of the help.
  package static let all: [OptionRow<DrawingStyle>] = [
    .option(
      "joint-color", \.jointColor,
      "Joints: a name such as red, or #rrggbb or #rrggbbaa; unset: red, in clips a light tint for each id"
    ),
    .option(
      "bone-color", \.boneColor, "Bones; unset: white, in clips a colour for each id"),
    .option("left-color", \.leftColor, "Joints and bones of the person's left half"),
    .option("right-color", \.rightColor, "Joints and bones of the person's right half"),
    .option(
      "outline-color", \.outlineColor, "The thin edge round joints and bones; #0000 for none"),
    .option(
      "thickness", \.thickness, "Width of the bones in pixels; unset: suits the picture",
      in: 0.1...DrawingStyle.maxStroke),
    .option(
      "radius", \.radius, "Radius of the joints in pixels; unset: suits the picture",
      in: 0.1...DrawingStyle.maxStroke),
    .option("joints", \.showsJoints, "Draw joints"),
    .option("bones", \.showsBones, "Draw bones"),
    .option("labels", \.showsLabels, "Write the joints' names beside them"),
    .option(
      "guessed", \.guessed, "How joints are drawn that were guessed, not seen"),
    .option(
      "min-visibility", \.minVisibility, "Leave out joints of lower visibility; MediaPipe: 0.5",
      in: 0...1),
    .option("mask-color", \.maskColor, "Tint people by their masks, which are found for it"),
    .option("mask-opacity", \.maskOpacity, "How strong the tint is", in: 0...1),
    .option(
      "background", \.background,
      "What takes the place of all that is no person, by masks, which are found for it; none: transparent, in PNG and WebP"
    ),
  ]
}
