import Files
import Inference
import Options
import Stance

/// `stance models`: which model files are there.
struct ModelsCommand {
  static let row = CommandRow<Settings>(
    "models", "Lists the models: size, SHA-256, and whether they are there",
    examples: [
      Example("stance models", "Look into the folder that is used by default"),
      Example("stance models --models /srv/models", "Look into another folder"),
    ], [OptionGroups.models])

  private let folder: ModelFolder
  private let console: Console

  init(_ settings: Settings, _ console: Console) {
    folder = ModelFolder.named(settings.engine.modelFolder)
    self.console = console
  }

  func run() throws -> Int32 {
    var text = "\(folder.path.onOneLine)\n"
    var missing: [Model] = []
    var isDamaged = false
    for model in Model.all {
      let state = folder.state(of: model)
      if state != .present { missing.append(model) }
      if case .damaged = state { isDamaged = true }
      for file in model.files {
        text +=
          "  \(model.name.padded(to: 8))  \(size(of: file).padded(to: 8))  \(file.sha256)  "
          + "\(state.summary)\n"
      }
    }
    if !missing.isEmpty { text += "\n\(ModelAdvice.text(for: missing, in: folder).onOneLine)\n" }
    try console.print(text)
    return isDamaged ? ExitStatus.failure : ExitStatus.success
  }

  private func size(of file: ModelFile) -> String {
    "\((Double(file.byteCount) / 1e6).fixed(places: 1)) MB"
  }
}

extension ModelFolder.State {
  /// "present", "missing" or "damaged: …".
  var summary: String {
    switch self {
    case .present: "present"
    case .missing: "missing"
    case .damaged(let file, let sha256): "damaged: the SHA-256 of \(file.name) is \(sha256)"
    }
  }
}

/// How to get models that are missing.
enum ModelAdvice {
  static func text(
    for models: [Model], in folder: ModelFolder, binaryFolder: String? = Files.binaryFolder
  ) -> String {
    let files = models.flatMap(\.files).map(\.name).joined(separator: ", ")
    // A program that still lies in the build folder has the checkout's Makefile.
    let isCheckout = binaryFolder?.split(separator: "/").contains(".build") ?? false
    return isCheckout
      ? "Get the missing models with: make models"
      : "Put \(files) into \(folder.path), or name their folder by --models or STANCE_MODELS."
  }
}
