public import Stance

extension Landmark where Frame == World {
  /// The point in metres with the axes of 3D programs: x right as seen in the picture, y up, z towards the camera; origin in
  /// the middle of the hips, right-handed.
  ///
  /// It is half a turn about x: left stays left, and who faces the camera looks along +z.
  public var yUp: SIMD3<Float> { SIMD3(x, -y, -z) }
}
