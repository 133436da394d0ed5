import Images
import PoseFormats
import PoseRendering
import Stance

/// Makes an answer of a result: draws, encodes, writes. Takes milliseconds to seconds: for the work queue.
struct AnswerWriter: Sendable {
  let photo: EncodedImage
  /// Its pixels, where the search has left them.
  let seen: Photo?
  let recipe: Recipe
  let metrics: ServiceMetrics
  /// The photo's name, which JSON says where there is one.
  var file: String?

  func answer(_ result: PoseResult) throws -> Answer {
    Answer(
      bytes: try bytes(result), form: recipe.form, complexity: result.complexity,
      search: result.search, peopleCount: result.people.count, timing: result.timing)
  }

  private func bytes(_ result: PoseResult) throws -> [UInt8] {
    switch recipe.form {
    case .json:
      return try metrics.timed("write") {
        try Array(
          ResultsLine.encoded(result, file: file, measuring: recipe.motion).dropLast())
      }
    case .text(let format):
      return try metrics.timed("write") { try format.encode(result) }
    case .picture(let format):
      return try picture(result, format)
    case .mask(let person):
      let mask = try Self.mask(result, person)
      return try metrics.timed("encode") { try ImageEncoder.png(mask) }
    case .tutorial:
      // Without a person there is no picture: the answer is a message.
      guard !result.people.isEmpty else { return [] }
      let jpeg = try picture(result, .jpeg)
      let head = "<img src=\"data:image/jpeg;base64,"
      return Array(head.utf8) + Base64.encode(jpeg) + Array("\" style=\"max-width:100%;\"/>".utf8)
    }
  }

  private func picture(_ result: PoseResult, _ format: ImageFormat) throws -> [UInt8] {
    let renderer = SkeletonRenderer(
      style: recipe.style ?? DrawingStyle(), measuring: recipe.motion)
    let quality = recipe.quality ?? 90
    if renderer.style.background == .transparent {
      let cutOut = try metrics.timed("draw") {
        try renderer.cutOut(result.people, from: seen?.whole() ?? photo.decode())
      }
      return try metrics.timed("encode") {
        try ImageEncoder.encode(cutOut, as: format, quality: quality)
      }
    }
    let image = try metrics.timed("draw") {
      var image = try seen?.whole() ?? photo.decode()
      try renderer.draw(result.people, on: &image)
      return image
    }
    return try metrics.timed("encode") {
      try ImageEncoder.encode(image, as: format, quality: quality)
    }
  }

  private static func mask(_ result: PoseResult, _ person: Int?) throws -> Mask {
    guard let person else { return result.maskOfAll }
    guard result.people.indices.contains(person), let mask = result.people[person].mask else {
      let count = result.people.count
      throw Problem(
        .badParameter,
        "person is \(person), counted from 0; people in the picture: \(count)")
    }
    return mask
  }
}
