import Checksums
import Files
import Glibc

/// A folder of model files.
public struct ModelFolder: Sendable, Hashable {
  /// Whether a model can be used.
  public enum State: Sendable, Hashable {
    case present, missing
    /// Another file than the one that is wanted.
    case damaged(sha256: String)
  }

  /// The folder.
  public let path: String

  /// The folder at `path`, whatever is in it.
  public init(path: String) { self.path = path }

  /// The folder that is used when none is named.
  ///
  /// In this order: the variable `STANCE_MODELS`; `share/stance/models` beside the program's `bin`; a folder
  /// `models` in one of the folders above the program (a checkout); the checkout that this library was built
  /// from (a package that depends on it). Where none holds the detector: the first.
  public static func find() -> ModelFolder {
    let candidates = candidates(
      variable: getenv("STANCE_MODELS").map { String(path: $0) },
      binaryFolder: Files.binaryFolder, source: #filePath)
    let folders = candidates.map(ModelFolder.init(path:))
    return folders.first { Files.exists($0.path(of: .detector)) }
      ?? folders.first ?? ModelFolder(path: "models")
  }

  /// The folder that a setting names, or else the one that ``find()`` gives.
  package static func named(_ path: String?) -> ModelFolder {
    path.map(ModelFolder.init(path:)) ?? find()
  }

  static func candidates(variable: String?, binaryFolder: String?, source: String) -> [String] {
    if let variable, !variable.isEmpty { return [variable] }
    var candidates: [String] = []
    if let binaryFolder {
      candidates.append(Files.parent(of: binaryFolder) + "/share/stance/models")
      candidates += ancestors(of: binaryFolder).map { $0 + "/models" }
    }
    // Sources/Inference/ModelFolder.swift: three folders below the checkout's root.
    let checkout = Files.parent(of: Files.parent(of: Files.parent(of: source)))
    return candidates + [checkout + "/models"]
  }

  private static func ancestors(of folder: String) -> [String] {
    var all: [String] = []
    var folder = folder
    while folder != "/", folder != "." {
      folder = Files.parent(of: folder)
      if folder != "/" { all.append(folder) }
    }
    return all
  }

  /// Where the model's file would be.
  public func path(of model: Model) -> String { path + "/" + model.file }

  /// Looks at the file and its SHA-256.
  public func state(of model: Model) -> State {
    do {
      _ = try verified(model)
      return .present
    } catch { return error }
  }

  /// The file's path once its content is known to be the right one.
  ///
  /// - Throws: `InferenceError` with `.missingModel` or `.damagedModel` and what to do about it.
  package func verifiedPath(of model: Model) throws(InferenceError) -> String {
    do { return try verified(model) } catch {
      switch error {
      case .damaged(let sha256):
        throw InferenceError(
          .damagedModel,
          "the \(model.name) model \(path(of: model)) is damaged: its SHA-256 is \(sha256), wanted is "
            + "\(model.sha256); delete it and run `make models`")
      case .missing, .present:
        throw InferenceError(
          .missingModel,
          "the \(model.name) model is missing: no \(model.file) in \(path); run `make models` in the checkout, "
            + "or name the folder that holds it (--models, STANCE_MODELS)")
      }
    }
  }

  private func verified(_ model: Model) throws(State) -> String {
    let path = path(of: model)
    let bytes: [UInt8]
    do { bytes = try Files.read(path, limit: 2 * model.byteCount) } catch {
      if case .tooLarge = error.reason { throw .damaged(sha256: "that of a larger file") }
      throw .missing
    }
    let sha256 = SHA256.hexDigest(of: bytes)
    guard sha256 == model.sha256 else { throw .damaged(sha256: sha256) }
    return path
  }
}

extension ModelFolder.State: Error {}
