/// What lies where in the binary part of a glTF file: a list of accessors, each with a buffer view of its own.
///
/// glTF 2.0 specification, "3.6 Binary Data Storage": everything begins at a multiple of four bytes.
struct GLTFBuffer: Sendable {
  /// Of "accessor.type": the numbers of an element.
  enum Shape: String, Sendable {
    case scalar = "SCALAR"
    case vector3 = "VEC3"
    case vector4 = "VEC4"
    case matrix4 = "MAT4"

    var count: Int {
      switch self {
      case .scalar: 1
      case .vector3: 3
      case .vector4: 4
      case .matrix4: 16
      }
    }
  }

  /// Of "accessor.componentType".
  enum Component: Int, Sendable {
    case byte = 5121
    case word = 5123
    case float = 5126

    var size: Int {
      switch self {
      case .byte: 1
      case .word: 2
      case .float: 4
      }
    }
  }

  /// Of "bufferView.target".
  enum Target: Int, Sendable {
    case vertices = 34962
    case indices = 34963
  }

  private struct Accessor: Sendable {
    var offset: Int
    var count: Int
    var shape: Shape
    var component: Component
    var target: Target?
    var bounds: (least: [Float], most: [Float])?
  }

  private var accessors: [Accessor] = []
  /// The bytes of all, a multiple of four.
  private(set) var byteCount = 0

  /// Makes room for `count` elements.
  ///
  /// - Parameter bounds: the least and the greatest of each of an element's numbers, where the specification asks for them.
  /// - Returns: the accessor's number.
  mutating func add(
    _ count: Int, _ shape: Shape, _ component: Component = .float, target: Target? = nil,
    bounds: (least: [Float], most: [Float])? = nil
  ) -> Int {
    accessors.append(
      Accessor(
        offset: byteCount, count: count, shape: shape, component: component, target: target,
        bounds: bounds))
    byteCount += (count * shape.count * component.size + 3) / 4 * 4
    return accessors.count - 1
  }

  /// The members `buffers`, `bufferViews` and `accessors`; none without bytes, since empty lists are not allowed.
  func write(to json: inout JSONWriter) throws(PoseFormatError) {
    guard byteCount > 0 else { return }
    json.key("buffers")
    json.array { json in json.object { $0.member("byteLength", byteCount) } }
    json.key("bufferViews")
    json.array { json in
      for accessor in accessors {
        json.object { json in
          json.member("buffer", 0)
          json.member("byteOffset", accessor.offset)
          json.member(
            "byteLength", accessor.count * accessor.shape.count * accessor.component.size)
          if let target = accessor.target { json.member("target", target.rawValue) }
        }
      }
    }
    json.key("accessors")
    try json.array { (json) throws(PoseFormatError) in
      for (view, accessor) in accessors.enumerated() {
        try json.object { (json) throws(PoseFormatError) in
          json.member("bufferView", view)
          json.member("componentType", accessor.component.rawValue)
          json.member("count", accessor.count)
          json.member("type", accessor.shape.rawValue)
          guard let bounds = accessor.bounds else { return }
          try json.member("min", bounds.least)
          try json.member("max", bounds.most)
        }
      }
    }
  }
}
