import FoundationEssentials
import StanceJobs

/// Where what was made of an item lies, as it is noted in the store.
struct ItemResult: Sendable, Hashable, Codable {
  /// The file.
  var part: String
  /// The first byte there, and how many there are.
  var at: Int
  var bytes: Int
  /// SHA-256 of the file, where the item has all of it.
  var checksum: String?
  /// What went wrong after these bytes.
  var error: String?

  var encoded: [UInt8] { jsonBytes(of: self) }
}

extension ItemResult {
  init?(decoding bytes: [UInt8]) {
    guard let result = try? JSONDecoder().decode(Self.self, from: Data(bytes)) else { return nil }
    self = result
  }
}

extension Problem {
  /// A failure as the store keeps it: ``description``, or what the store itself says of an item that is dead.
  init(reason: String) {
    let name = reason.prefix { $0 != ":" }
    if let code = Code.all.first(where: { $0.name == name }), reason.count > name.count + 2 {
      self.init(code, String(reason.dropFirst(name.count + 2)))
    } else {
      self.init(.internalError, reason)
    }
  }
}
