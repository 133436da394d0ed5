import Foundation
import Images
import PoseRendering
import Stance
import Testing

@Suite("The joints' names")
struct LabelTests {
  let size = ImageSize(width: 300, height: 120)
  let image = plain(300, 120)
  let style = DrawingStyle(outlineColor: nil, radius: 4, showsBones: false, showsLabels: true)

  @Test("a name stands beside its joint, light with a dark edge, and never over the joint")
  func besideJoint() throws {
    let drawn = try SkeletonRenderer(style: style).drawing(
      [person([.leftKnee: (150.5, 60.5)], in: size)], on: image)
    let text = drawn.changes(from: image).filter { abs($0.x - 150) > 6 }
    #expect(text.count > 100)
    #expect(text.contains { drawn[$0.x, $0.y].green > 220 }, "light letters")
    #expect(text.contains { drawn[$0.x, $0.y].green < 40 }, "a dark edge")
    #expect(drawn[150, 60] == .red)
  }

  @Test("no names are written unless asked for")
  func notAsked() throws {
    var style = style
    style.showsLabels = false
    let drawn = try SkeletonRenderer(style: style).drawing(
      [person([.leftKnee: (150.5, 60.5)], in: size)], on: image)
    #expect(drawn.changes(from: image).allSatisfy { abs($0.x - 150) <= 5 })
  }

  @Test("a name stays inside the picture, on the other side if need be")
  func insidePicture() throws {
    let drawn = try SkeletonRenderer(style: style).drawing(
      [person([.leftKnee: (292.5, 60.5)], in: size)], on: image)
    #expect(drawn.changes(from: image).filter { $0.x < 280 }.count > 100)
  }

  @Test("a second person's name in the same place makes way")
  func makesWay() throws {
    let renderer = SkeletonRenderer(style: style)
    let knee = person([.leftKnee: (150.5, 60.5)], in: size)
    let one = try renderer.drawing([knee], on: image).changes(from: image).count
    let two = try renderer.drawing([knee, knee], on: image).changes(from: image).count
    #expect(two > one + 200, "\(one) pixels for one name, \(two) for two")
  }

  @Test("where no name fits, there is none")
  func noRoom() throws {
    let tiny = plain(20, 10)
    let drawn = try SkeletonRenderer(style: style).drawing(
      [person([.leftKnee: (10.5, 5.5)], in: tiny.size)], on: tiny)
    #expect(drawn.changes(from: tiny).allSatisfy { (6...15).contains($0.x) })
  }

  @Test("names need no font on the machine, and nothing is written to standard error")
  func withoutFonts() async throws {
    let result = try await #require(
      processExitsWith: .success, observing: [\.standardErrorContent]
    ) {
      // With any font but Cairo's own, fontconfig would miss this file and say so.
      setenv("FONTCONFIG_FILE", "/nonexistent/fonts.conf", 1)
      let image = plain(300, 120)
      let drawn = try SkeletonRenderer(style: DrawingStyle(showsLabels: true)).drawing(
        [person([.leftKnee: (150.5, 60.5)], in: image.size)], on: image)
      #expect(drawn.changes(from: image).count > 200)
    }
    #expect(String(decoding: result.standardErrorContent, as: UTF8.self) == "")
  }
}
