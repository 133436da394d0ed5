/// The program's version, as `stance --version` says it.
package enum StanceVersion {
  /// Semantic version (https://semver.org).
  package static let number = "0.1.0"
}
