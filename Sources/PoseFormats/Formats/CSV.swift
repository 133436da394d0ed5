import Stance

extension PoseFormat {
  /// A row a landmark.
  public static let csv = PoseFormat(
    name: "csv", fileExtensions: ["csv"], mediaType: "text/csv",
    summary: "A table with a row a landmark, for spreadsheets and pandas", usesMetres: true,
    encoding: .streamed { LongTable(source: $0) })

  /// A row a person.
  public static let wideCSV = PoseFormat(
    name: "csv-wide", fileExtensions: ["csv"], mediaType: "text/csv",
    summary: "A table with a row a person: x0, y0, z0, v0 to v32, as users of MediaPipe write it",
    encoding: .streamed { WideTable(source: $0) })
}

/// What stands before a person's columns, of the three kinds of sources.
private enum Origin {
  /// A clip: frame, time and id.
  case clip
  /// Photos with names: file.
  case files
  /// A photo without a name: nothing.
  case photo

  init(_ frame: ExportFrame) {
    switch frame {
    case .frame: self = .clip
    case .photo(_, let file, _): self = file == nil ? .photo : .files
    }
  }

  var columns: [String] {
    switch self {
    case .clip: ["frame", "time", "id"]
    case .files: ["file"]
    case .photo: []
    }
  }
}

extension TextRows {
  fileprivate static func csv(people: Int, rowSize: Int) -> TextRows {
    TextRows(separator: ",", capacity: people * rowSize)
  }

  /// - Parameter origin: what the table's head says, which of photos may have been another one's.
  fileprivate mutating func origin(
    of frame: ExportFrame, _ person: Person, under origin: Origin
  ) throws(PoseFormatError) {
    switch frame {
    case .frame(let frame):
      cell(frame.index)
      try cell(frame.time, "time")
      if let id = person.id { cell(id) } else { empty() }
    case .photo(_, let file, _):
      if origin == .files { quoted(file ?? "") }
    }
  }

  /// A text as RFC 4180 writes it: between quotes where it would be taken for more than one cell.
  private mutating func quoted(_ text: String) {
    let needsQuotes = text.utf8.contains { "\",\r\n".utf8.contains($0) }
    // By scalars: a quote before a combining character is another `Character`.
    let doubled = text.unicodeScalars.flatMap { $0 == "\"" ? [$0, $0] : [$0] }
    cell(needsQuotes ? "\"\(String(String.UnicodeScalarView(doubled)))\"" : text)
  }
}

/// The columns of the page's table, behind frame, time and id.
private struct LongTable: PoseEncoder {
  let source: ExportSource
  /// What the head says, once it is written.
  private var origin: Origin?

  init(source: ExportSource) { self.source = source }

  private static let columns = [
    "person", "landmark", "x", "y", "z", "visibility", "presence", "inFrame", "seen", "xPixels",
    "yPixels", "worldX", "worldY", "worldZ",
  ]

  mutating func encode(_ frame: ExportFrame) throws -> [UInt8] {
    var rows = TextRows.csv(people: frame.people.count, rowSize: 33 * 160)
    let origin = origin ?? Origin(frame)
    if self.origin == nil { Self.writeHead(origin, &rows) }
    for (place, person) in frame.people.enumerated() {
      let pixels = person.landmarks.pixels(in: frame.imageSize)
      for name in LandmarkName.allCases {
        let (landmark, pixel) = (person.landmarks[name], pixels[name])
        let world = person.worldLandmarks[name]
        try rows.origin(of: frame, person, under: origin)
        rows.cell(place + 1)
        rows.cell(name.rawValue)
        try rows.cell(landmark.x, "x")
        try rows.cell(landmark.y, "y")
        try rows.cell(landmark.z, "z")
        try rows.cell(landmark.visibility, "visibility")
        try rows.cell(landmark.presence, "presence")
        rows.cell(landmark.inFrame)
        rows.cell(landmark.seen)
        try rows.cell(pixel.x, "xPixels")
        try rows.cell(pixel.y, "yPixels")
        try rows.cell(world.x, "worldX")
        try rows.cell(world.y, "worldY")
        try rows.cell(world.z, "worldZ")
        rows.endRow()
      }
    }
    // Not before: rows that are refused leave no table without a head.
    self.origin = origin
    return rows.bytes
  }

  /// Without frames nothing tells a clip from photos but the results' first line.
  func end() -> [UInt8] {
    var rows = TextRows.csv(people: 0, rowSize: 0)
    if origin == nil { Self.writeHead(source.header == nil ? .files : .clip, &rows) }
    return rows.bytes
  }

  private static func writeHead(_ origin: Origin, _ rows: inout TextRows) {
    for column in origin.columns + columns { rows.cell(column) }
    rows.endRow()
  }
}

/// Four columns a landmark by its number, as the tutorials about MediaPipe write them.
private struct WideTable: PoseEncoder {
  let source: ExportSource
  /// What the head says, once it is written.
  private var origin: Origin?

  init(source: ExportSource) { self.source = source }

  mutating func encode(_ frame: ExportFrame) throws -> [UInt8] {
    var rows = TextRows.csv(people: frame.people.count, rowSize: 33 * 44)
    let origin = origin ?? Origin(frame)
    if self.origin == nil { Self.writeHead(origin, &rows) }
    for (place, person) in frame.people.enumerated() {
      try rows.origin(of: frame, person, under: origin)
      if case .photo = frame { rows.cell(place + 1) }
      for landmark in person.landmarks {
        try rows.cell(landmark.x, "x")
        try rows.cell(landmark.y, "y")
        try rows.cell(landmark.z, "z")
        try rows.cell(landmark.visibility, "visibility")
      }
      rows.endRow()
    }
    self.origin = origin
    return rows.bytes
  }

  func end() -> [UInt8] {
    var rows = TextRows.csv(people: 0, rowSize: 0)
    if origin == nil { Self.writeHead(source.header == nil ? .files : .clip, &rows) }
    return rows.bytes
  }

  private static func writeHead(_ origin: Origin, _ rows: inout TextRows) {
    for column in origin.columns { rows.cell(column) }
    if origin != .clip { rows.cell("person") }
    for number in 0..<LandmarkName.count {
      for letter in ["x", "y", "z", "v"] { rows.cell(letter + number.description) }
    }
    rows.endRow()
  }
}
