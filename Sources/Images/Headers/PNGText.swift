import CZlib

/// The texts of a PNG in which programs keep metadata: ISO/IEC 15948, 11.3.4.
struct PNGText {
  /// What the text is for.
  let keyword: String
  /// The text itself, its beginning if it is longer than ``longest``.
  let content: HeaderBytes

  /// More than any metadata need before they tell the orientation.
  private static let longest = 1 << 20
  private static let longestKeyword = 79

  /// Nil when the chunk is no text, or its keyword none that is wanted: nothing is inflated in vain.
  init?(_ type: String, _ chunk: HeaderBytes, wanted: (String) -> Bool) {
    guard ["tEXt", "zTXt", "iTXt"].contains(type),
      let end = chunk.part(0, length: min(chunk.count, Self.longestKeyword + 1))?.offset(of: [0])
    else { return nil }
    keyword = chunk.text(0, length: end)
    guard wanted(keyword) else { return nil }
    var start = end + 1
    var isCompressed = type == "zTXt"
    if type == "iTXt" {
      isCompressed = chunk[start] == 1
      // Behind the method a language and the keyword in that language.
      guard let language = chunk.offset(of: [0], from: start + 2),
        let translation = chunk.offset(of: [0], from: language + 1)
      else { return nil }
      start = translation + 1
    } else if isCompressed {
      start += 1
    }
    guard let rest = chunk.from(start) else { return nil }
    if isCompressed {
      content = HeaderBytes(Self.inflated(rest))
    } else {
      guard let beginning = rest.part(0, length: min(rest.count, Self.longest)) else { return nil }
      content = beginning
    }
  }

  /// What can be inflated of the data, up to the bound.
  private static func inflated(_ data: HeaderBytes) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: longest) { buffer, count in
      var written = uLongf(longest)
      // Whatever the status, the bytes that were written are good.
      _ = data.withBytes {
        uncompress(buffer.baseAddress, &written, $0.baseAddress, uLong($0.count))
      }
      count = Int(written)
    }
  }
}

extension PNGText {
  private static let xmpKeyword = "XML:com.adobe.xmp"
  /// How ImageMagick's texts begin that hold a profile.
  private static let profilePrefix = "Raw profile type "

  /// Whether a text of this keyword may tell the orientation.
  static func tellsOrientation(_ keyword: String) -> Bool {
    if keyword == xmpKeyword { return true }
    guard keyword.hasPrefix(profilePrefix) else { return false }
    return ["exif", "app1", "xmp"].contains(keyword.dropFirst(profilePrefix.count).lowercased())
  }

  /// Adds what the text tells.
  func addOrientation(to tags: inout OrientationTags) {
    if keyword == Self.xmpKeyword {
      tags.add(xmp: content)
    } else {
      tags.add(profile: HeaderBytes(profile))
    }
  }

  /// The bytes of a profile: a line with its name, one with its length, then hexadecimal digits.
  private var profile: [UInt8] {
    content.withBytes { text in
      var bytes: [UInt8] = []
      var high: UInt8?
      for line in text.split(separator: 0x0a).dropFirst(2) {
        for character in line {
          guard let digit = Character(Unicode.Scalar(character)).hexDigitValue else { return bytes }
          if let first = high {
            bytes.append(first << 4 | UInt8(digit))
            high = nil
          } else {
            high = UInt8(digit)
          }
        }
      }
      return bytes
    }
  }
}
