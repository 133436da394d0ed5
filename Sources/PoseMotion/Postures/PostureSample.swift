import CPostures
public import Stance

/// A labelled pose that others are compared with.
public struct PostureSample: Sendable {
  /// What the pose is called.
  public let label: String
  /// The clip that it is from, so that a sample is never judged by its neighbours; nil where every sample is its own.
  public let clip: String?
  let embedding: PoseEmbedding

  /// A person's pose. Nil where the landmarks lie on one point.
  public init?(label: String, person: Person, in size: ImageSize, clip: String? = nil) {
    guard let embedding = PoseEmbedding(BodyPoints(person, in: size).solid) else { return nil }
    self.init(label: label, clip: clip, embedding: embedding)
  }

  /// A line of the CSV that ML Kit's and MediaPipe's tools write: a name, the label, and 33 times x, y, z in pixels. The clip
  /// is the name before its last "__". Nil for any other line.
  public init?(csv line: some StringProtocol) {
    let cells = line.split(separator: ",", omittingEmptySubsequences: false)
    guard cells.count == 2 + 3 * LandmarkName.count, !cells[1].isEmpty else { return nil }
    let numbers = cells.dropFirst(2).compactMap { cell in
      Float(String(cell.filter { character in !character.isWhitespace }))
    }
    guard numbers.count == 3 * LandmarkName.count, numbers.allSatisfy(\.isFinite) else {
      return nil
    }
    let points = stride(from: 0, to: numbers.count, by: 3).map { place in
      SIMD3<Float>(numbers[place], numbers[place + 1], numbers[place + 2])
    }
    guard let embedding = PoseEmbedding(points) else { return nil }
    let name = String(cells[0])
    self.init(label: String(cells[1]), clip: Self.clip(of: name), embedding: embedding)
  }

  /// The samples of a table, a line each as ``init(csv:)`` has it; empty lines are passed over.
  ///
  /// - Throws: `PostureTableError` for any other line, a table without a sample, and one of more than ``mostSamples``.
  public static func samples(csv text: some StringProtocol) throws(PostureTableError)
    -> [PostureSample]
  {
    var samples: [PostureSample] = []
    let lines = text.split(omittingEmptySubsequences: false) { $0.isNewline }
    for (place, line) in lines.enumerated() where !line.allSatisfy(\.isWhitespace) {
      guard let sample = PostureSample(csv: line) else {
        throw PostureTableError(
          line: place + 1,
          message: "is not a name, a label, and 33 times x, y and z in pixels, with commas between")
      }
      guard samples.count < mostSamples else {
        throw PostureTableError(line: place + 1, message: "is beyond \(mostSamples) samples")
      }
      samples.append(sample)
    }
    guard !samples.isEmpty else { throw PostureTableError(line: 1, message: "has no sample") }
    return samples
  }

  /// A table of more is refused: each pose is compared with all of them.
  public static let mostSamples = 20_000

  /// The line that ``init(csv:)`` reads of a person's pose, without a line break; nil where name or label has a comma or a line
  /// break, or a landmark is no number.
  ///
  /// - Parameter size: the upright picture's, whose parts the landmarks are given in.
  public static func csv(
    name: String, label: String, person: Person, in size: ImageSize
  ) -> String? {
    let points = BodyPoints(person, in: size).solid
    let numbers = points.flatMap { [$0.x, $0.y, $0.z] }
    let isPlain = { (text: String) in !text.contains { $0 == "," || $0.isNewline } }
    guard isPlain(name), isPlain(label), numbers.allSatisfy(\.isFinite) else { return nil }
    return ([name, label] + numbers.map { "\($0)" }).joined(separator: ",")
  }

  private init(label: String, clip: String?, embedding: PoseEmbedding) {
    self.label = label
    self.clip = clip
    self.embedding = embedding
  }

  private static func clip(of name: String) -> String {
    let characters = Array(name)
    let breaks = characters.indices.dropLast().filter {
      characters[$0] == "_" && characters[$0 + 1] == "_"
    }
    return breaks.last.map { String(characters[..<$0]) } ?? name
  }

  /// Google's samples of push-ups and squats, up and down: pushups_up, pushups_down, squats_up, squats_down.
  public static let builtIn: [PostureSample] = joints.map { label, joints in
    PostureSample(label: label, clip: nil, embedding: PoseEmbedding(normalized: joints))
  }

  /// The label of samples that speak for none.
  static let none = ""

  /// Every second one of those who stand, turned to lie on either side: labelled as none, since who lies is else not far enough
  /// from who does push-ups.
  package static let lying: [PostureSample] = joints.filter { $0.label == "squats_up" }
    .enumerated().filter { $0.offset.isMultiple(of: 2) }
    .flatMap { _, standing in
      [1, -1].map { (side: Float) in
        let turned = standing.joints.map { SIMD3(-side * $0.y, side * $0.x, $0.z) }
        return PostureSample(
          label: none, clip: nil, embedding: PoseEmbedding(normalized: turned))
      }
    }

  /// The records of the built-in samples.
  private static let joints: [(label: String, joints: [SIMD3<Float>])] = {
    let labels = ["pushups_up", "pushups_down", "squats_up", "squats_down"]
    let bytes = UnsafeRawBufferPointer(
      start: stance_posture_samples_bytes(), count: stance_posture_samples_count)
    let size = 1 + 6 * PoseEmbedding.joints.count
    return stride(from: 0, to: bytes.count - size + 1, by: size).map { record in
      func number(_ place: Int) -> Float {
        let offset = record + 1 + 2 * place
        return Float(
          Int16(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: Int16.self))) / 10
      }
      let joints = PoseEmbedding.joints.indices.map { joint in
        SIMD3<Float>(number(3 * joint), number(3 * joint + 1), number(3 * joint + 2))
      }
      return (labels[Int(bytes[record]) % labels.count], joints)
    }
  }()
}
