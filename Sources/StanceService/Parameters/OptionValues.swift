package import Inference
package import Options
package import PoseRendering
package import PoseVideo
package import Stance

extension Complexity: OptionValue {}

extension Precision: OptionValue {}

extension SearchMode: OptionValue {}

extension GuessedJoints: OptionValue {}

extension Smoothing: OptionValue {}

/// "largest", "centre", or the number of an id.
extension TrackingOptions.Follow: OptionValue {
  package static var kind: ValueKind { .followed }
  package init?(optionText: String) { self.init(rawValue: optionText) }
  package var optionText: String { rawValue }
}

extension Color: OptionValue {
  package static var kind: ValueKind { .color }
  package init?(optionText: String) { self.init(optionText) }
  package var optionText: String { description }
}

/// "blur", "none" or a colour.
extension Background: OptionValue {
  package static var kind: ValueKind { .background }
  package init?(optionText: String) { self.init(optionText) }
  package var optionText: String { description }
}

/// "100,50,300,400": left, top, width, height.
extension PixelBox: OptionValue {
  package static var kind: ValueKind { .rectangle }
  package init?(optionText: String) {
    let parts = optionText.split(separator: ",", omittingEmptySubsequences: false)
    let numbers = parts.compactMap { Float(optionText: String($0)) }
    guard parts.count == 4, numbers.count == 4, numbers[2] > 0, numbers[3] > 0 else { return nil }
    self.init(x: numbers[0], y: numbers[1], width: numbers[2], height: numbers[3])
  }
  package var optionText: String {
    [x, y, width, height].map(\.optionText).joined(separator: ",")
  }
}

/// "12.5" or "12.5s" seconds, "1:30" minutes, "1:02:03.5" hours.
extension ClipTime: OptionValue {
  package static var kind: ValueKind { .clipTime }
  package init?(optionText: String) {
    if let duration = Duration(optionText: optionText) {
      self.init(seconds: duration / .seconds(1))
    } else {
      self.init(clock: optionText)
    }
  }
  package var optionText: String { seconds.optionText }
}
