import Stance

extension PoseFormat {
  /// Markers over time.
  public static let trc = PoseFormat(
    name: "trc", fileExtensions: ["trc"], mediaType: "text/plain",
    summary: "Markers in metres for OpenSim: a file a person", division: .filePerPerson,
    contents: .clips, usesMetres: true,
    encoding: .whole { clip, output in try TRC(clip).write(to: output) })
}

/// Track Row Column, the table of markers of Motion Analysis, as OpenSim reads it: five lines of head, an empty one, and a
/// row a place of the grid with 3n + 2 cells, which are NaN where the person was not seen. Empty cells would be more usual, but
/// OpenSim refuses a row whose last cell is empty, and other readers of gaps one that is longer.
///
/// Form: OpenSim's documentation, "Marker (.trc) Files", and its reader, `TRCFileAdapter.cpp` in opensim-org/opensim-core.
private struct TRC {
  private let clip: PoseClip
  private let grid: FrameGrid
  private let id: Int?

  init(_ clip: PoseClip) throws(PoseFormatError) {
    self.clip = clip
    grid = try FrameGrid(clip)
    id = clip.ids.first
  }

  func write(to output: ([UInt8]) throws -> Void) throws {
    try output(head)
    for place in 0..<grid.count { try output(row(place)) }
  }

  private var head: [UInt8] {
    var rows = TextRows(separator: "\t", capacity: 2048)
    func line(_ cells: [String]) {
      for cell in cells { rows.cell(cell) }
      rows.endRow()
    }
    // A tab in the name would be a cell.
    let name = String(clip.source.name.map { $0.isNewline || $0 == "\t" ? "_" : $0 })
    line(["PathFileType", "4", "(X/Y/Z)", name + ".trc"])
    line([
      "DataRate", "CameraRate", "NumFrames", "NumMarkers", "Units", "OrigDataRate",
      "OrigDataStartFrame", "OrigNumFrames",
    ])
    let (rate, count) = ("\(grid.rate)", "\(grid.count)")
    line([rate, rate, count, "\(LandmarkName.count)", "m", rate, "1", count])
    line(["Frame#", "Time"] + LandmarkName.allCases.flatMap { [$0.rawValue, "", ""] })
    line(
      ["", ""]
        + (1...LandmarkName.count).flatMap { number in ["X", "Y", "Z"].map { "\($0)\(number)" } })
    rows.endRow()
    return rows.bytes
  }

  private func row(_ place: Int) -> [UInt8] {
    var rows = TextRows(separator: "\t", capacity: 1200)
    rows.cell(place + 1)
    rows.fixed(grid.time(of: place))
    let person = id.flatMap { id in
      grid.frame(at: place).flatMap { clip.person(id, in: $0) }
    }
    for name in LandmarkName.allCases {
      guard let person else {
        for _ in 0..<3 { rows.cell("NaN") }
        continue
      }
      let point = person.worldLandmarks[name].yUp
      for axis in 0..<3 { rows.fixed(Double(point[axis])) }
    }
    rows.endRow()
    return rows.bytes
  }
}
