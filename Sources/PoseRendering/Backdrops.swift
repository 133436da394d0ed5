import Images
import PixelKernels
import Stance

/// Puts something else behind people, by their masks. Holds its memory from one picture to the next.
struct Backdrops: Sendable {
  private var mask: [UInt8] = []
  private var blur = BackdropBlur()

  /// Replaces all that is no person by a colour or a blur of itself; everything, where there is nobody.
  ///
  /// - Precondition: masks are of the picture's size, and the background is not transparent.
  mutating func replace(_ background: Background, behind people: [Person], on image: inout Image) {
    gather(people, image.size)
    let size = image.size
    mask.withUnsafeBufferPointer { mask in
      image.withMutablePixels { pixels in
        switch background {
        case .transparent: break
        case .color(let color):
          Backdrop.fill(
            pixels, mask: mask, kept: Self.kept(at: color.alpha), blue: color.blue,
            green: color.green, red: color.red)
        case .blur:
          blur.apply(
            to: pixels, mask: mask, kept: Self.kept(at: 255), width: size.width,
            height: size.height)
        }
      }
    }
  }

  /// Gives all that is no person no opacity, that of people multiplied into their colours.
  ///
  /// - Precondition: masks are of the picture's size.
  mutating func cutOut(_ people: [Person], from image: inout Image) {
    gather(people, image.size)
    mask.withUnsafeBufferPointer { mask in
      image.withMutablePixels { pixels in
        Backdrop.premultiply(pixels, mask: mask, opacity: Self.opacities)
      }
    }
  }

  /// The pixelwise maximum of all masks.
  private mutating func gather(_ people: [Person], _ size: ImageSize) {
    mask.removeAll(keepingCapacity: true)
    mask.append(contentsOf: repeatElement(0, count: size.pixelCount))
    mask.withUnsafeMutableBufferPointer { target in
      for mask in people.compactMap(\.mask) {
        mask.values.withUnsafeBufferPointer { Backdrop.raise(target, to: $0) }
      }
    }
  }

  /// How opaque a person is where the mask has a value: nothing below ``edge``, all above, smooth between.
  private static let opacities: [UInt8] = (0...255).map { value in
    let part = (Double(value) - edge.lowerBound) / (edge.upperBound - edge.lowerBound)
    let inside = min(1, max(0, part))
    return UInt8((255 * inside * inside * (3 - 2 * inside)).rounded())
  }

  /// Masks are as soft as a model's 256 px are on a larger picture; this much of that is an edge. Chosen by looking.
  private static let edge = 90.0...200.0

  /// How much of a pixel stays under a background of that opacity, 0...256.
  private static func kept(at alpha: UInt8) -> [UInt16] {
    opacities.map { opacity in
      let replaced = Double(255 - opacity) / 255 * Double(alpha) / 255
      return UInt16((256 * (1 - replaced)).rounded())
    }
  }
}
