import Stance
import Testing

@Suite("The One Euro filter")
struct OneEuroFilterTests {
  private static let frame: Float = 1.0 / 30

  private static func filter() -> OneEuroFilter { OneEuroFilter(LandmarkFilter.landmarks) }

  @Test("leaves the first value as it is")
  func first() {
    var filter = Self.filter()
    #expect(filter.filter(123.4567, after: 0, scale: 0.01) == 123.4567)
  }

  @Test("keeps what is constant to the last bit")
  func constant() {
    var filter = Self.filter()
    for _ in 0..<100 { #expect(filter.filter(321.987, after: Self.frame, scale: 0.01) == 321.987) }
  }

  @Test("goes to a step's end without passing it")
  func step() {
    var filter = Self.filter()
    for _ in 0..<30 { _ = filter.filter(0, after: Self.frame, scale: 1) }
    var last: Float = 0
    for _ in 0..<60 {
      let value = filter.filter(0.1, after: Self.frame, scale: 1)
      // To the rounding of the last bit.
      #expect(value >= last && value <= 0.1 + 1e-8)
      last = value
    }
    #expect(abs(last - 0.1) < 1e-4)
  }

  @Test("goes the farther the longer the last value is ago")
  func elapsed() {
    func moved(after seconds: Float) -> Float {
      var filter = OneEuroFilter(OneEuroFilter.Constants(minCutoff: 1, beta: 0))
      _ = filter.filter(0, after: 0, scale: 1)
      return filter.filter(1, after: seconds, scale: 1)
    }
    #expect(moved(after: 2 * Self.frame) > moved(after: Self.frame))
    #expect(moved(after: 100) > 0.99)
    // A first-order low pass of 1 Hz after its time constant, 1/2π s, sampled once: a half.
    #expect(abs(moved(after: 1 / (2 * .pi)) - 0.5) < 1e-6)
  }

  @Test("a value of no later time is shown and forgotten", arguments: [0, -0.5] as [Float])
  func noTime(elapsed: Float) {
    var (filter, undisturbed) = (Self.filter(), Self.filter())
    for value in [1, 1.1, 1.2] as [Float] {
      _ = filter.filter(value, after: Self.frame, scale: 1)
      _ = undisturbed.filter(value, after: Self.frame, scale: 1)
    }
    #expect(filter.filter(7, after: elapsed, scale: 1) == 7)
    #expect(
      filter.filter(1.3, after: Self.frame, scale: 1)
        == undisturbed.filter(1.3, after: Self.frame, scale: 1))
  }

  @Test("treats small and large bodies alike")
  func scale() {
    var (small, large) = (Self.filter(), Self.filter())
    for frame in 0..<60 {
      let value = (Float(frame * frame % 17) - 8) / 1024
      let a = small.filter(100 * value, after: Self.frame, scale: 1.0 / 100)
      let b = large.filter(1600 * value, after: Self.frame, scale: 1.0 / 1600)
      // Floats of other sizes are rounded elsewhere.
      #expect(abs(a / 100 - b / 1600) < 1e-6)
    }
  }
}
