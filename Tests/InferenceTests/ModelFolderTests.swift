import Files
import Foundation
import TestSupport
import Testing

@testable import Inference

@Suite("Model folder")
struct ModelFolderTests {
  @Test(
    "looks beside an installed program, above a built one, and in the checkout, unless a variable names it"
  )
  func candidates() {
    #expect(
      ModelFolder.candidates(
        variable: nil, binaryFolder: "/opt/stance/bin",
        source: "/src/Sources/Inference/ModelFolder.swift") == [
          "/opt/stance/share/stance/models", "/opt/stance/models", "/opt/models", "/src/models",
        ])
    #expect(
      ModelFolder.candidates(variable: "/mine", binaryFolder: "/opt/bin", source: "/a/b/c/d") == [
        "/mine"
      ])
  }

  @Test("tells a missing model from a damaged one, and says what to do")
  func states() throws {
    let temporary = try TemporaryFolder()
    let folder = ModelFolder(path: temporary.path)
    #expect(folder.state(of: .lite) == .missing)
    #expect { try folder.verifiedPath(of: .lite) } throws: {
      let error = $0 as? InferenceError
      return error?.code == .missingModel && error?.message.contains("make models") == true
    }
    try Files.write([1, 2, 3], to: folder.path(of: .lite))
    #expect(
      folder.state(of: .lite)
        == .damaged(sha256: "039058c6f2c0cb492c533b0a4d14ef77cc0f78abccced5287d84a1a2011cfb81"))
    #expect { try folder.verifiedPath(of: .lite) } throws: {
      ($0 as? InferenceError)?.code == .damagedModel
    }
    try Files.write(
      [UInt8](repeating: 0, count: 2 * Model.lite.byteCount + 1), to: folder.path(of: .lite))
    #expect { try folder.verifiedPath(of: .lite) } throws: {
      ($0 as? InferenceError)?.code == .damagedModel
    }
  }

  @Test("the sizes in the table are those of the files")
  func sizes() throws {
    for model in Model.all where ModelFolder.find().state(of: model) == .present {
      #expect(
        try Files.read(ModelFolder.find().path(of: model), limit: 100 << 20).count
          == model.byteCount)
    }
  }
}
