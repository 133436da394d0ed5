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
    let file = try #require(Model.lite.files.first)
    #expect(folder.state(of: .lite) == .missing(file))
    #expect { try folder.verifiedPath(of: .lite) } throws: {
      let error = $0 as? InferenceError
      return error?.code == .missingModel && error?.message.contains("make models") == true
    }
    try Files.write([1, 2, 3], to: folder.path(of: file))
    #expect(
      folder.state(of: .lite)
        == .damaged(
          file, sha256: "039058c6f2c0cb492c533b0a4d14ef77cc0f78abccced5287d84a1a2011cfb81"))
    #expect { try folder.verifiedPath(of: .lite) } throws: {
      ($0 as? InferenceError)?.code == .damagedModel
    }
    try Files.write(
      [UInt8](repeating: 0, count: 2 * Model.lite.byteCount + 1), to: folder.path(of: file))
    #expect { try folder.verifiedPath(of: .lite) } throws: {
      ($0 as? InferenceError)?.code == .damagedModel
    }
  }

  @Test("a model of two files is missing as long as one of them is")
  func severalFiles() throws {
    let temporary = try TemporaryFolder()
    let folder = ModelFolder(path: temporary.path)
    let (first, second) = (Model.nanoDet.files[0], Model.nanoDet.files[1])
    try Files.write([1], to: folder.path(of: first))
    #expect(!folder.has(.nanoDet))
    try Files.write([2], to: folder.path(of: second))
    #expect(folder.has(.nanoDet))
    guard case .damaged(first, _) = folder.state(of: .nanoDet) else {
      Issue.record("the first file is none of the model's")
      return
    }
  }

  @Test("the sizes in the table are those of the files")
  func sizes() throws {
    for model in Model.all where ModelFolder.find().state(of: model) == .present {
      for file in model.files {
        #expect(
          try Files.read(ModelFolder.find().path(of: file), limit: 100 << 20).count
            == file.byteCount)
      }
    }
  }
}
