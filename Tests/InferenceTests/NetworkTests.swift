import Checksums
import Files
import Foundation
import TestSupport
import Testing

@testable import Inference

/// What the tests of the models need to be there.
let hasModels = ModelFolder.find().state(of: .full) == .present

@Suite(
  "Networks", .serialized,
  .enabled(if: hasModels, "needs the models: run `make models`"))
struct NetworkTests {
  private let folder = ModelFolder.find()
  private let landmarks = ["Identity", "Identity_1", "Identity_3", "Identity_4"]

  private func options(_ outputs: [String]) -> NetworkOptions {
    NetworkOptions(threads: 1, precision: .f32, outputs: outputs)
  }

  private func outputs(_ network: Network, count: Int) throws -> [[Float]] {
    try network.run { input in
      for index in input.indices { input[index] = Float(index % 251) / 251 }
    } read: { outputs in
      (0..<count).map { Array(outputs[$0]) }
    }
  }

  @Test("a model without its segmentation output gives the same other outputs, bit for bit")
  func pruning() throws {
    let path = try folder.verifiedPath(of: .full)
    let pruned = try outputs(
      Network(of: CompiledModel(compiling: path, options(landmarks))), count: 4)
    let whole = try outputs(
      Network(of: CompiledModel(compiling: path, options(landmarks + ["Identity_2"]))), count: 5)
    #expect(pruned == Array(whole.prefix(4)))
    #expect(pruned.map(\.count) == [195, 1, 64 * 64 * 39, 117])
    #expect(whole[4].count == 256 * 256)
  }

  @Test("an imported model gives the exporting one's numbers, bit for bit, and lets its file go")
  func export() throws {
    let folder = try TemporaryFolder()
    let options = options(["Identity", "Identity_1"])
    let compiled = try CompiledModel(
      compiling: try self.folder.verifiedPath(of: .detector), options)
    let path = folder.path + "/model"
    try Files.write(try [1, 2, 3, 4] + compiled.exported(), to: path)
    weak var file: MappedFile?
    do {
      let mapped = try MappedFile(path, limit: 100 << 20)
      file = mapped
      let imported = try CompiledModel(importing: mapped, from: 4, options)
      // A file that is replaced stays as it was for whoever has it open.
      try Files.write([], to: path)
      #expect(
        try outputs(Network(of: imported), count: 2) == outputs(Network(of: compiled), count: 2))
    }
    #expect(file == nil)
  }

  @Test("networks that share a model infer side by side, with one alone's numbers, bit for bit")
  func sharing() async throws {
    let loader = NetworkLoader(folder: folder, cache: nil)
    var options = options(landmarks)
    let alone = try outputs(loader.load(.full, options), count: 4)
    options.streams = 2
    let networks = try (0..<3).map { _ in try loader.load(.full, options) }
    let results = try await withThrowingTaskGroup(of: [[Float]].self) { group in
      for network in networks {
        for _ in 0..<5 { group.addTask { try outputs(network, count: 4) } }
      }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(results.count == 15 && results.allSatisfy { $0 == alone })
  }

  @Test("a model is compiled once for as many networks as it has streams")
  func places() throws {
    let shared = SharedModels()
    let options = NetworkOptions(
      threads: 1, streams: 2, precision: .f32, outputs: ["Identity", "Identity_1"])
    var compiled = 0
    for _ in 0..<5 {
      _ = try shared.network(of: .detector, options) { () throws(InferenceError) in
        compiled += 1
        return try CompiledModel(compiling: folder.verifiedPath(of: .detector), options)
      }
    }
    #expect(compiled == 3)
  }

  @Test("an output that the model has not is an error that names it")
  func unknownOutput() {
    #expect {
      try CompiledModel(compiling: folder.verifiedPath(of: .full), options(["Nonsense"]))
    } throws: {
      ($0 as? InferenceError)?.code == .failed && "\($0)".contains("Nonsense")
    }
  }

  @Test("bytes that are no compiled model are an error, not a crash")
  func importingNonsense() throws {
    let folder = try TemporaryFolder()
    for count in [1, 5000] {
      let path = "\(folder.path)/\(count)"
      try Files.write([UInt8](repeating: 7, count: count), to: path)
      #expect(throws: InferenceError.self) {
        try CompiledModel(
          importing: MappedFile(path, limit: 5000), from: 0, options(["Identity"]))
      }
    }
  }

  @Test("bf16 is refused with a clear error on a processor that has not got it")
  func bf16() throws {
    let loader = NetworkLoader(folder: folder, cache: nil)
    let options = NetworkOptions(threads: 1, precision: .bf16, outputs: landmarks)
    if InferenceRuntime.precisions.contains(.bf16) {
      _ = try loader.load(.full, options)
    } else {
      #expect { try loader.load(.full, options) } throws: {
        ($0 as? InferenceError)?.code == .unsupportedPrecision
      }
    }
  }
}

@Suite("Compiled model cache")
struct CompiledModelCacheTests {
  private func stored(_ key: String, in cache: CompiledModelCache) -> [UInt8]? {
    cache.file(key).map { Array($0.bytes[CompiledModelCache.header...]) }
  }

  @Test("gives back what was stored, and nothing for another key")
  func roundTrip() throws {
    let folder = try TemporaryFolder()
    let cache = CompiledModelCache(folder: folder.path + "/new/folder")
    #expect(stored("a", in: cache) == nil)
    cache.store([1, 2, 3], as: "a")
    #expect(stored("a", in: cache) == [1, 2, 3])
    #expect(stored("b", in: cache) == nil)
  }

  @Test("takes a damaged, cut or foreign file for none")
  func damage() throws {
    let folder = try TemporaryFolder()
    let cache = CompiledModelCache(folder: folder.path)
    let content = [UInt8](repeating: 5, count: 1000)
    let path = folder.path + "/a.compiled"
    for damage in [
      { (bytes: [UInt8]) in Array(bytes.dropLast()) }, { $0 + [0] }, { Array($0.prefix(20)) },
      { $0.enumerated().map { $0 == 500 ? $1 ^ 1 : $1 } }, { _ in [] },
    ] {
      cache.store(content, as: "a")
      try Files.write(damage(try Files.read(path, limit: 5000)), to: path)
      #expect(stored("a", in: cache) == nil)
    }
    cache.store(content, as: "a")
    #expect(stored("a", in: cache) == content)
  }

  @Test("keeps to its size by letting the least recently used go")
  func bound() throws {
    let folder = try TemporaryFolder()
    let cache = CompiledModelCache(folder: folder.path, maxBytes: 3500)
    for (age, key) in ["a", "b", "c"].enumerated() {
      cache.store([UInt8](repeating: 1, count: 1000), as: key)
      let used = Date(timeIntervalSinceNow: Double(age - 10) * 100)
      try FileManager.default.setAttributes(
        [.modificationDate: used], ofItemAtPath: "\(folder.path)/\(key).compiled")
    }
    #expect(stored("a", in: cache) != nil)  // the oldest, but now just used
    cache.store([UInt8](repeating: 1, count: 1000), as: "d")
    #expect(stored("b", in: cache) == nil)
    #expect(
      stored("a", in: cache) != nil && stored("c", in: cache) != nil
        && stored("d", in: cache) != nil)
  }

  @Test("a folder that can't be written costs time only")
  func unwritable() {
    let cache = CompiledModelCache(folder: "/proc/nowhere")
    cache.store([1], as: "a")
    #expect(stored("a", in: cache) == nil)
  }

  @Test("keys differ with the model, the precision, the threads, the streams and the outputs")
  func keys() {
    let base = NetworkOptions(threads: 1, precision: .f32, outputs: ["a"])
    var keys: Set<String> = [
      CompiledModelCache.key(.full, base), CompiledModelCache.key(.lite, base),
    ]
    keys.insert(CompiledModelCache.key(.full, .init(threads: 2, precision: .f32, outputs: ["a"])))
    keys.insert(CompiledModelCache.key(.full, .init(threads: 1, precision: .bf16, outputs: ["a"])))
    keys.insert(CompiledModelCache.key(.full, .init(threads: 1, precision: .f32, outputs: ["b"])))
    keys.insert(
      CompiledModelCache.key(.full, .init(threads: 1, streams: 2, precision: .f32, outputs: ["a"])))
    #expect(keys.count == 6)
  }

  @Test(
    "shared by writers at once it serves whole content only",
    .enabled(if: hasModels, "needs the models: run `make models`"))
  func shared() async throws {
    let folder = try TemporaryFolder()
    let loader = NetworkLoader(folder: .find(), cache: CompiledModelCache(folder: folder.path))
    let options = NetworkOptions(threads: 1, precision: .f32, outputs: ["Identity", "Identity_1"])
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<4 { group.addTask { _ = try loader.load(.detector, options) } }
      try await group.waitForAll()
    }
    #expect(try Files.names(in: folder.path).count == 1)
    // A damaged file is replaced, and the network works all the same.
    let path = try folder.path + "/" + Files.names(in: folder.path)[0]
    try Files.write([1, 2, 3], to: path)
    _ = try loader.load(.detector, options)
    #expect(try Files.read(path, limit: 100 << 20).count > 1000)
  }
}
