package import Inference
package import Options
package import PoseRendering
package import Stance

extension Complexity: OptionValue {}

extension Precision: OptionValue {}

extension SearchMode: OptionValue {}

extension GuessedJoints: OptionValue {}

extension Color: OptionValue {
  package static var kind: ValueKind { .color }
  package init?(optionText: String) { self.init(optionText) }
  package var optionText: String { description }
}
