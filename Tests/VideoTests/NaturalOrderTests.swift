import Testing

@testable import Video

@Suite("The order of pictures in a folder")
struct NaturalOrderTests {
  @Test("Numbers in names count as numbers")
  func numbers() {
    let names = ["b1", "a10", "a2", "a02", "A3", "a", "a2b", "10", "9", "a99999999999999999999999"]
    #expect(
      names.sorted(by: NaturalOrder.precedes) == [
        "9", "10", "A3", "a", "a02", "a2", "a2b", "a10", "a99999999999999999999999", "b1",
      ])
  }

  @Test("It is an order: never both ways, for names that differ in zeros only too")
  func order() {
    let names = ["a1", "a01", "a001", "a1b2", "a01b1", "", "0", "00"]
    for left in names {
      for right in names {
        let (there, back) = (
          NaturalOrder.precedes(left, right), NaturalOrder.precedes(right, left)
        )
        #expect(left == right ? !there && !back : there != back, "\(left) \(right)")
      }
    }
  }
}
