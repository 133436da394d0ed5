/// The colours of one person's joints and bones.
struct PersonColors: Hashable {
  var joint: Color
  var bone: Color

  /// The well-known look.
  static let still = PersonColors(joint: .red, bone: .white)

  /// Those of somebody in a clip: the same for an id whatever else is in the picture.
  init(id: Int?) {
    guard let id else {
      self = .still
      return
    }
    let count = Self.palette.count
    // 1 has the first. Any number has one, without an overflow.
    let color = Self.palette[(id % count + 2 * count - 1) % count]
    self.init(joint: color.lightened, bone: color)
  }

  init(joint: Color, bone: Color) {
    self.joint = joint
    self.bone = bone
  }

  /// Light, strong colours, each chosen as far from those before it as can be: by distance in Oklab
  /// (https://bottosson.github.io/posts/oklab/) as people see them, and as people without red or green cones do (Machado, Oliveira and Fernandes
  /// 2009, severity 1). The last ones are told apart less well.
  private static let palette: [Color] = [
    Color(red: 255, green: 150, blue: 0), Color(red: 180, green: 0, blue: 255),
    Color(red: 80, green: 210, blue: 255), Color(red: 230, green: 40, blue: 120),
    Color(red: 180, green: 255, blue: 150), Color(red: 180, green: 120, blue: 210),
    Color(red: 0, green: 210, blue: 150), Color(red: 230, green: 80, blue: 0),
    Color(red: 120, green: 255, blue: 255), Color(red: 255, green: 210, blue: 0),
    Color(red: 150, green: 230, blue: 180), Color(red: 210, green: 0, blue: 180),
  ]
}

extension Color {
  /// Two thirds of the way to white: told apart from the colour itself, and of small people, of whom joints are most of what
  /// is drawn, still told from other colours.
  fileprivate var lightened: Color {
    func lighter(_ part: UInt8) -> UInt8 { UInt8((Int(part) + 2 * 255) / 3) }
    return Color(red: lighter(red), green: lighter(green), blue: lighter(blue), alpha: alpha)
  }
}
