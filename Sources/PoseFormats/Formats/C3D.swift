import Stance

extension PoseFormat {
  /// A C3D file (https://www.c3d.org): the 33 world landmarks of everybody as floats, in millimetres.
  public static let c3d = PoseFormat(
    name: "c3d", fileExtensions: ["c3d"], mediaType: "application/octet-stream",
    summary: "C3D, landmarks in millimetres for biomechanics", contents: .clips, usesMetres: true,
    encoding: .whole(writeC3D))
}

/// The axes are ``BodyPoints``': x to the right in the picture, y up, z towards the camera, from the middle of the hips.
/// Of several people each has the points "person2:nose" and so on, of one alone they are "nose" and so on.
private func writeC3D(_ clip: PoseClip, to output: ([UInt8]) throws -> Void) throws {
  let grid = try FrameGrid(clip)
  let ids = clip.ids
  var largest: Float = 0
  for id in ids {
    for frame in clip.frames(with: id) {
      for point in millimetres(of: id, in: clip, frame) {
        largest = max(largest, abs(point.x), abs(point.y), abs(point.z))
      }
    }
  }
  let layout = C3DLayout(
    labels: ids.flatMap { id in
      LandmarkName.allCases.map { FigureNames(ids).full($0.rawValue, of: id) }
    },
    rate: grid.rate, frameCount: grid.count, largest: largest)
  try output(try layout.start())
  let absent = [SIMD3<Float>?](repeating: nil, count: LandmarkName.count)
  for place in 0..<grid.count {
    var bytes: [UInt8] = []
    for id in ids {
      let points = grid.frame(at: place).map { millimetres(of: id, in: clip, $0) } ?? []
      bytes += C3DLayout.frame(points.isEmpty ? absent : points)
    }
    try output(bytes)
  }
  try output([UInt8](repeating: 0, count: layout.padding))
}

/// A person's 33 points; none where they were not seen.
private func millimetres(
  of id: Int, in clip: PoseClip, _ frame: Int
) -> [SIMD3<Float>] {
  guard let person = clip.person(id, in: frame) else { return [] }
  let body = BodyPoints(person.worldLandmarks)
  return LandmarkName.allCases.map { SIMD3<Float>(body[$0] * 1000) }
}
