public import Images

/// What a landmark's numbers mean: one of ``Normalized``, ``Pixels``, ``World`` and ``Crop``.
public protocol CoordinateFrame: Sendable {}

/// Parts of the upright picture: x and z in picture widths, y in picture heights; origin top left, x right,
/// y down, z away from the camera with 0 at the middle of the hips.
public enum Normalized: CoordinateFrame {}

/// Pixels of the upright picture: origin at its top left corner, x right, y down, z away from the camera in
/// the same scale with 0 at the middle of the hips.
public enum Pixels: CoordinateFrame {}

/// Metres: origin in the middle of the hips, x right as seen in the picture, y down, z away from the camera.
public enum World: CoordinateFrame {}

/// One of the 33 points of a body, in the coordinates of `Frame`.
public struct Landmark<Frame: CoordinateFrame>: Sendable, Hashable {
  /// To the right as seen in the picture.
  public var x: Float
  /// Down.
  public var y: Float
  /// Away from the camera; 0 at the middle of the hips.
  public var z: Float
  /// The model's probability, 0...1, that the point can be seen, neither hidden nor outside the picture.
  public var visibility: Float
  /// The model's probability, 0...1, that the point lies inside the picture.
  public var presence: Float
  /// The heatmap's highest probability, 0...1, near the point; 0 where the model had no picture to look at.
  public var support: Float

  /// A landmark of the given numbers; without `support` nothing speaks against it.
  public init(
    x: Float, y: Float, z: Float, visibility: Float, presence: Float, support: Float = 1
  ) {
    self.x = x
    self.y = y
    self.z = z
    self.visibility = visibility
    self.presence = presence
    self.support = support
  }
}

/// A person's 33 landmarks in MediaPipe's order, looked up by name.
public struct Landmarks<Frame: CoordinateFrame>: Sendable, Hashable, RandomAccessCollection {
  private var elements: [Landmark<Frame>]

  /// - Precondition: exactly 33 landmarks.
  public init(_ elements: [Landmark<Frame>]) {
    precondition(elements.count == LandmarkName.count, "\(elements.count) landmarks, 33 wanted")
    self.elements = elements
  }

  /// The numbers as they lie in memory.
  func withUnsafeBytes(_ body: (UnsafeRawBufferPointer) -> Void) { elements.withUnsafeBytes(body) }

  /// 0.
  public var startIndex: Int { 0 }
  /// 33.
  public var endIndex: Int { elements.count }

  /// The landmark at a place of MediaPipe's order.
  public subscript(position: Int) -> Landmark<Frame> {
    get { elements[position] }
    set { elements[position] = newValue }
  }

  /// The landmark of that name.
  public subscript(name: LandmarkName) -> Landmark<Frame> {
    get { elements[name.index] }
    set { elements[name.index] = newValue }
  }
}

extension Landmarks where Frame == Normalized {
  /// The same points in pixels of a picture of `size`.
  public func pixels(in size: ImageSize) -> Landmarks<Pixels> {
    let (width, height) = (Float(size.width), Float(size.height))
    return Landmarks<Pixels>(
      map {
        Landmark<Pixels>(
          x: $0.x * width, y: $0.y * height, z: $0.z * width, visibility: $0.visibility,
          presence: $0.presence, support: $0.support)
      })
  }
}
