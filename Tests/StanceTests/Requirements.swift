import Inference
import TestSupport

/// What the tests that run the models need.
enum Requirements {
  /// Whether the detector and the full model are there.
  static let models = [Model.detector, .full].allSatisfy {
    ModelFolder.find().state(of: $0) == .present
  }
  /// The reason to give when they are not.
  static let missingModels = "needs the models: run `make models`"
  /// Whether MoveNet is there.
  static let moveNet = ModelFolder.find().state(of: .moveNet) == .present
  /// Whether all models and the test data are there.
  static let goldens =
    TestData.isPresent
    && Model.all.allSatisfy { ModelFolder.find().state(of: $0) == .present }
  /// The reason to give when they are not.
  static let missingGoldens = "needs all models and ../shared/testdata"
}
