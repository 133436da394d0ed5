import Checksums
import Files
import Glibc

/// A folder of model files.
public struct ModelFolder: Sendable, Hashable {
  /// Whether a model can be used.
  public enum State: Sendable, Hashable {
    case present
    /// The first of its files that is not there.
    case missing(ModelFile)
    /// A file that is another than the one that is wanted.
    case damaged(ModelFile, sha256: String)
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
    return folders.first { $0.has(.detector) }
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

  /// Where a model's file would be.
  public func path(of file: ModelFile) -> String { path + "/" + file.name }

  /// Whether all files of a model are there, whatever is in them.
  package func has(_ model: Model) -> Bool {
    model.files.allSatisfy { Files.exists(path(of: $0)) }
  }

  /// Looks at the model's files and their SHA-256.
  public func state(of model: Model) -> State {
    do {
      _ = try verified(model)
      return .present
    } catch { return error }
  }

  /// The path to open, once the content of all the model's files is known to be the right one.
  ///
  /// - Throws: `InferenceError` with `.missingModel` or `.damagedModel` and what to do about it.
  package func verifiedPath(of model: Model) throws(InferenceError) -> String {
    do { return try verified(model) } catch {
      switch error {
      case .damaged(let file, let sha256):
        throw InferenceError(
          .damagedModel,
          "the \(model.name) model \(path(of: file)) is damaged: its SHA-256 is \(sha256), wanted is "
            + "\(file.sha256); delete it and run `make models`")
      case .missing(let file):
        throw InferenceError(
          .missingModel,
          "the \(model.name) model is missing: no \(file.name) in \(path); run `make models` in the checkout, "
            + "or name the folder that holds it (--models, STANCE_MODELS)")
      case .present:
        throw InferenceError(.missingModel, "the \(model.name) model has no file")
      }
    }
  }

  private func verified(_ model: Model) throws(State) -> String {
    for file in model.files { try verify(file) }
    guard let first = model.files.first else { throw .present }
    return path(of: first)
  }

  private func verify(_ file: ModelFile) throws(State) {
    let bytes: [UInt8]
    do { bytes = try Files.read(path(of: file), limit: 2 * file.byteCount) } catch {
      if case .tooLarge = error.reason {
        throw .damaged(file, sha256: "that of a larger file")
      }
      throw .missing(file)
    }
    let sha256 = SHA256.hexDigest(of: bytes)
    guard sha256 == file.sha256 else { throw .damaged(file, sha256: sha256) }
  }
}

extension ModelFolder.State: Error {}
