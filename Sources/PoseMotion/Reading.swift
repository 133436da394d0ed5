public import Stance

/// A number that was measured, or why there is none.
public enum Reading: Sendable, Hashable {
  /// The number, in the unit of what was measured.
  case value(Double)
  /// There is no number.
  case missing(Missing)

  /// Why a number is missing.
  public enum Missing: Sendable, Hashable {
    /// This landmark was not ``Landmark/seen``: it is out of the picture or hidden, and its place a guess.
    case notSeen(LandmarkName)
    /// The body is not seen from the side that the angle needs, or that side can't be told: ``BodyView``.
    case view
    /// Points that must be apart lie on each other.
    case degenerate

    /// The stable word for results: "notSeen", "view", "degenerate".
    public var name: String {
      switch self {
      case .notSeen: "notSeen"
      case .view: "view"
      case .degenerate: "degenerate"
      }
    }
  }

  /// The number, nil where there is none.
  public var value: Double? {
    if case .value(let value) = self { value } else { nil }
  }

  /// Why there is none, nil where there is one.
  public var missing: Missing? {
    if case .missing(let reason) = self { reason } else { nil }
  }

  /// The number changed by `change`.
  func map(_ change: (Double) -> Double) -> Reading {
    if case .value(let value) = self { .value(change(value)) } else { self }
  }
}
