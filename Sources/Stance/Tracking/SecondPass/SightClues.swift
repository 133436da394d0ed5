/// What a second pass wants to know of a sight beside the landmarks.
package struct SightClues: Sendable, Hashable {
  /// What the person wears; nil where nobody looked.
  package var colors: ColorSignature?
  /// The radius of the circle round the body, in pixels, as the model sees it; nil where it says nothing.
  package var bodyRadius: Float?

  package init(colors: ColorSignature?, bodyRadius: Float?) {
    (self.colors, self.bodyRadius) = (colors, bodyRadius)
  }
}
