import Files
import Glibc
import Images
import Inference
import Stance
import TestSupport
import Testing

@Suite(
  "Search without scouts",
  .enabled(if: Requirements.goldens, "\(Requirements.missingGoldens)"))
struct MissingScoutsTests {
  @Test(
    "goes on without MoveNet, without NanoDet and without both",
    arguments: [[Model.moveNet], [.nanoDet], [.moveNet, .nanoDet]],
    [SearchMode.auto, .thorough])
  func missing(models: [Model], search: SearchMode) throws {
    let temporary = try TemporaryFolder()
    let all = ModelFolder.find()
    for model in Model.all where !models.contains(model) {
      for file in model.files {
        #expect(symlink(all.path(of: file), "\(temporary.path)/\(file.name)") == 0)
      }
    }
    let landmarker = try PoseLandmarker(
      PoseOptions(search: search),
      engine: EngineOptions(modelFolder: temporary.path))
    let image = try TestData.image("photos/aic_054d9ce9.jpg")
    #expect(try landmarker.detect(in: image).count == 3)
  }
}
