import Stance

extension PoseFormat {
  /// A glTF 2.0 file in one piece (https://www.khronos.org/gltf): everybody as a moving figure with a body of sticks.
  public static let gltf = PoseFormat(
    name: "gltf", fileExtensions: ["glb"], mediaType: "model/gltf-binary",
    summary: "glTF 2.0, moving figures for every viewer of 3D", contents: .clips, usesMetres: true,
    encoding: .whole(writeGLTF))
}

/// World landmarks don't say where people are, so figures stand in a row, in order of the ids, so many metres apart.
private let spacing: Float = 1.5

/// Metres, y up, a figure that looks into the camera looks along +z (the specification's "3.4 Coordinate System and
/// Units"); times from the clip's first frame.
private func writeGLTF(_ clip: PoseClip, to output: ([UInt8]) throws -> Void) throws {
  var buffer = GLTFBuffer()
  var figures: [GLTFFigure] = []
  for id in clip.ids {
    if let figure = GLTFFigure(of: id, in: clip, buffer: &buffer) { figures.append(figure) }
  }
  let json = try document(figures, buffer, name: clip.source.name, names: FigureNames(clip.ids))
  try output(try GLTFContainer.start(json: json, byteCount: buffer.byteCount))
  for figure in figures { try figure.write(from: clip, to: output) }
}

private func document(
  _ figures: [GLTFFigure], _ buffer: GLTFBuffer, name: String, names: FigureNames
) throws(PoseFormatError) -> [UInt8] {
  let numbered = figures.enumerated().map { (number: $0, base: $0 * GLTFFigure.nodeCount, $1) }
  var writer = JSONWriter(capacity: 4096 + 16_384 * figures.count)
  try writer.object { (json) throws(PoseFormatError) in
    json.key("asset")
    json.object { json in
      json.member("version", "2.0")
      json.member("generator", "Stance")
      json.key("extras")
      json.object { json in
        json.member(
          "unseen", "who is not seen holds the last pose, before the first sight the first")
        json.member("places", "people stand in a row; where they were is not known")
      }
    }
    json.member("scene", 0)
    json.key("scenes")
    json.array { json in
      json.object { json in
        json.member("name", name)
        // The specification has no empty lists.
        guard !figures.isEmpty else { return }
        json.member(
          "nodes", numbered.flatMap { [$0.base, $0.base + GLTFFigure.nodeCount - 1] })
      }
    }
    guard !figures.isEmpty else { return }
    json.key("nodes")
    try json.array { (json) throws(PoseFormatError) in
      for (number, base, figure) in numbered {
        try figure.writeNodes(
          to: &json, base: base, number: number, place: Float(number) * spacing, names: names)
      }
    }
    try writeMaterials(to: &json)
    json.key("meshes")
    json.array { json in
      for (_, _, figure) in numbered { figure.writeMesh(to: &json, names: names) }
    }
    json.key("skins")
    json.array { json in
      for (_, base, figure) in numbered { figure.writeSkin(to: &json, base: base) }
    }
    json.key("animations")
    json.array { json in
      json.object { json in
        json.member("name", name)
        json.key("samplers")
        json.array { json in
          for (_, _, figure) in numbered { figure.writeSamplers(to: &json) }
        }
        json.key("channels")
        json.array { json in
          for (number, base, figure) in numbered {
            figure.writeChannels(
              to: &json, base: base, sampler: number * GLTFFigure.samplerCount)
          }
        }
      }
    }
    try buffer.write(to: &json)
  }
  return writer.bytes
}

/// In the order of the mesh's parts: the middle grey, the person's left orange, the right blue.
private func writeMaterials(to json: inout JSONWriter) throws(PoseFormatError) {
  let materials: [(name: String, color: [Float])] = [
    ("middle", [0.75, 0.75, 0.75, 1]), ("left", [1, 0.35, 0.02, 1]),
    ("right", [0.02, 0.3, 0.9, 1]),
  ]
  json.key("materials")
  try json.array { (json) throws(PoseFormatError) in
    for (name, color) in materials {
      try json.object { (json) throws(PoseFormatError) in
        json.member("name", name)
        json.key("pbrMetallicRoughness")
        try json.object { (json) throws(PoseFormatError) in
          try json.member("baseColorFactor", color)
          try json.member("metallicFactor", 0 as Float)
          try json.member("roughnessFactor", 0.8 as Float)
        }
      }
    }
  }
}
