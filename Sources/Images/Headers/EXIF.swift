/// What is read of EXIF data: which way is up. CIPA DC-008, tag 0x0112; laid out as a TIFF.
enum EXIF {
  /// Stands before EXIF data in a JPEG's segment.
  static let prefix: [UInt8] = Array("Exif\0\0".utf8)

  /// The orientation in EXIF data; nil when it is missing, damaged or not 1...8.
  ///
  /// Some writers put the prefix where it does not belong, or twice.
  static func orientation(_ bytes: HeaderBytes) -> Orientation? {
    var start = 0
    while bytes.has(prefix, at: start) { start += prefix.count }
    guard let data = bytes.from(start), let order = order(data),
      let directory = data.number(4, width: 4, order),
      let count = data.number(directory, width: 2, order)
    else { return nil }
    // Some tools count entries that they did not write: those that are there count.
    for index in 0..<count {
      guard let entry = data.part(directory + 2 + 12 * index, length: 12) else { return nil }
      guard entry.number(0, width: 2, order) == 0x0112 else { continue }
      return value(entry, order).flatMap(Orientation.init(rawValue:))
    }
    return nil
  }

  private static func order(_ data: HeaderBytes) -> HeaderBytes.Order? {
    if data.has([0x49, 0x49, 42, 0]) { return .little }
    return data.has([0x4d, 0x4d, 0, 42]) ? .big : nil
  }

  /// The first number of an entry that holds its numbers itself: bytes, shorts or a long.
  private static func value(_ entry: HeaderBytes, _ order: HeaderBytes.Order) -> Int? {
    guard let type = entry.number(2, width: 2, order), let width = [1: 1, 3: 2, 4: 4][type],
      let count = entry.number(4, width: 4, order), count > 0, count * width <= 4
    else { return nil }
    return entry.number(8, width: width, order)
  }
}
