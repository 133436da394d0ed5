import Glibc
enum Tune {
  static func f(_ name: String, _ d: Float) -> Float {
    guard let v = getenv("T_" + name), let x = Float(String(cString: v)) else { return d }
    return x
  }
}
