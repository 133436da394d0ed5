import Testing

@testable import StanceJobs

@Suite("Sizes of batches")
struct BatchSizeTests {
  @Test("grow to about the time that is meant, twofold at most each time")
  func grows() {
    var size = BatchSize(time: .seconds(1), most: 64)
    var sizes = [size.next]
    for _ in 0..<8 {
      size.learn(items: size.next, took: .milliseconds(40 * size.next), left: 10_000)
      sizes.append(size.next)
    }
    #expect(sizes == [1, 2, 4, 8, 16, 25, 25, 25, 25])
  }

  @Test("shrink at once where items take long")
  func shrinks() {
    var size = BatchSize(time: .seconds(1), most: 64)
    for _ in 0..<6 { size.learn(items: size.next, took: .milliseconds(size.next), left: nil) }
    #expect(size.next == 64)
    size.learn(items: 64, took: .seconds(128), left: nil)
    #expect(size.next == 1)
  }

  @Test("leave most of what is left to others")
  func leaves() {
    var size = BatchSize(time: .seconds(1), most: 64)
    for _ in 0..<6 { size.learn(items: size.next, took: .milliseconds(size.next), left: nil) }
    size.learn(items: 64, took: .milliseconds(64), left: 40)
    #expect(size.next == 10)
    size.learn(items: 10, took: .milliseconds(10), left: 2)
    #expect(size.next == 1)
  }
}
