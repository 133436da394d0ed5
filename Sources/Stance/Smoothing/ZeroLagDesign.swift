import Glibc

/// The low pass that smoothing without lag uses: Butterworth's of order 2, run forwards and backwards, so of order 4 in
/// effect, outliers taken out before (``HampelFilter``).
///
/// Two runs have their −3 dB point below one run's, so that the filter is designed for a higher frequency: the cut-off
/// divided by (√2 − 1)^¼ = 0.802 (Winter, "Biomechanics and Motor Control of Human Movement"), where the bilinear
/// transform puts it, tan(π f / rate). At 30 frames a second a cut-off of 6 Hz is designed as 7.03 Hz.
public struct ZeroLagDesign: Sendable, Hashable {
  /// The −3 dB point that was asked for, in Hz.
  public var cutoff: Double
  /// The −3 dB point that the rate of frames allows, in Hz: at most 0.377 of it.
  public var cutoffUsed: Double
  /// What the filter is designed for, in Hz: at most 0.4 of the rate of frames.
  public var designFrequency: Double
  /// The frames' usual rate, in Hz.
  public var frameRate: Double

  /// A design of the given parts, as it was read somewhere.
  public init(cutoff: Double, cutoffUsed: Double, designFrequency: Double, frameRate: Double) {
    self.cutoff = cutoff
    self.cutoffUsed = cutoffUsed
    self.designFrequency = designFrequency
    self.frameRate = frameRate
  }
}

extension ZeroLagDesign {
  /// One run's −3 dB point over two runs'.
  static let correction = pow(2.0.squareRoot() - 1, 0.25)
  /// The highest frequency that a filter is designed for, as a part of the rate.
  static let highest = 0.4

  /// The filter for a cut-off, lowered where the rate of frames does not allow it.
  ///
  /// - Parameters:
  ///   - cutoff: in Hz, above 0.
  ///   - frameRate: in Hz, above 0.
  public init(cutoff: Double, frameRate: Double) {
    func warped(_ frequency: Double) -> Double { tan(.pi * frequency / frameRate) }
    func unwarped(_ value: Double) -> Double { frameRate / .pi * atan(value) }
    let most = unwarped(Self.correction * warped(Self.highest * frameRate))
    let used = min(cutoff, most)
    self.init(
      cutoff: cutoff, cutoffUsed: used,
      designFrequency: min(Self.highest * frameRate, unwarped(warped(used) / Self.correction)),
      frameRate: frameRate)
  }

  /// In words, for the first line of results.
  public static let description =
    "Hampel (7 values, 2 sigma), then Butterworth of order 2 forwards and backwards"
}
