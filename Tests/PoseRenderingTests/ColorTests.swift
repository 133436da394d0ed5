import PoseRendering
import Testing

@Suite("Colours as text")
struct ColorTests {
  @Test(
    "hexadecimal colours are read in all four lengths",
    arguments: [
      ("#f80", Color(red: 255, green: 136, blue: 0)),
      ("#F80c", Color(red: 255, green: 136, blue: 0, alpha: 204)),
      ("#0a0b0C", Color(red: 10, green: 11, blue: 12)),
      ("#0a0b0c0d", Color(red: 10, green: 11, blue: 12, alpha: 13)),
    ])
  func hexadecimal(text: String, expected: Color) {
    #expect(Color(text) == expected)
  }

  @Test("CSS names are read, capitals or not")
  func names() {
    #expect(Color("red") == Color(red: 255, green: 0, blue: 0))
    #expect(Color("Green") == Color(red: 0, green: 128, blue: 0))
    #expect(Color("GREY") == Color("gray"))
    #expect(Color.names.allSatisfy { Color($0) != nil })
    #expect(
      Set([
        "aqua", "black", "blue", "fuchsia", "gray", "green", "lime", "maroon", "navy", "olive",
        "purple", "red", "silver", "teal", "white", "yellow",
      ]).isSubset(of: Color.names))
  }

  @Test(
    "anything else is no colour",
    arguments: [
      "", "#", "#1", "#12", "#12345", "#1234567", "#123456789", "#12345g", "123456", "rot", " red",
      "#-10000", "#１２３", "#" + String(repeating: "f", count: 100_000),
    ])
  func refused(text: String) {
    #expect(Color(text) == nil)
  }

  @Test("a colour's description is read back as the same colour")
  func roundTrip() {
    for value in UInt8.min...UInt8.max {
      let color = Color(red: value, green: 255 - value, blue: value / 2, alpha: value)
      #expect(Color(color.description) == color)
    }
    #expect(Color(red: 1, green: 2, blue: 255).description == "#0102ff")
    #expect(Color(red: 1, green: 2, blue: 255, alpha: 9).description == "#0102ff09")
  }
}
