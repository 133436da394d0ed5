import Glibc
import Testing

@testable import Stance

@Suite("Smoothing without lag")
struct ZeroLagTests {
  /// What `signal.filtfilt(*signal.butter(2, frequency, fs=rate), [(7*i*i % 23)/10 - 1 for i in range(count)])` of SciPy
  /// 1.17.1 gives, the 6 values with `padlen=5`.
  private static let references: [(frequency: Double, rate: Double, values: [Double])] = [
    (
      7.03, 30,
      [
        -1.000064011, -0.567448858, -0.068890678, 0.461431485, 0.767124871, 0.879348636,
        0.979760664, 0.857389007, 0.464782481, 0.214996772, 0.368443769, 0.675841194, 0.675822948,
        0.368420258, 0.215078639, 0.464954844, 0.85703196, 0.978535717, 0.880589404, 0.774990343,
        0.4595149, -0.115384817, -0.587270274, -0.745892036, -0.586272023, -0.108127855,
        0.460174644, 0.732739652, 0.84838306, 1.200217552,
      ]
    ),
    (
      1.5, 25,
      [
        -1.004444943, -0.626575516, -0.27130959, 0.041046431, 0.294529346, 0.481261682,
        0.602519287, 0.667279395, 0.691279123, 0.693362814, 0.688823872, 0.685496047, 0.685353519,
        0.688395509, 0.692649304, 0.690291683, 0.666054741, 0.601140143, 0.479881818, 0.293401132,
        0.040547362, -0.270657012, -0.624098756, -0.99934235,
      ]
    ),
    (
      3, 50,
      [
        -0.995026922, -0.615408258, -0.259282302, 0.052255412, 0.302215827, 0.481487046,
        0.589989527, 0.635396352, 0.63247541, 0.599856489,
      ]
    ),
    (
      4, 30,
      [-0.990228989, -0.480903347, -0.020880644, 0.319063841, 0.464174164, 0.44380689]
    ),
  ]

  private static func design(_ cutoff: Double, _ rate: Double) -> ZeroLagFilter {
    let design = ZeroLagDesign(cutoff: cutoff, frameRate: rate)
    return ZeroLagFilter(frequency: design.designFrequency, rate: rate)
  }

  @Test("is what SciPy's filtfilt gives, to 1e-6", arguments: references.indices)
  func scipy(_ index: Int) {
    let reference = Self.references[index]
    let values = reference.values.indices.map { Double(7 * $0 * $0 % 23) / 10 - 1 }
    let filter = ZeroLagFilter(frequency: reference.frequency, rate: reference.rate)
    for (value, wanted) in zip(filter.filtered(values), reference.values) {
      #expect(abs(value - wanted) < 1e-6)
    }
  }

  @Test("a ramp is where it was, from the first value to the last")
  func ramp() {
    let ramp = (0..<90).map { 3 + 0.02 * Double($0) }
    // At the ends, where the runs begin, to a tenth of a frame.
    for (index, value) in Self.design(6, 30).filtered(ramp).enumerated() {
      let tolerance = (20..<70).contains(index) ? 1e-6 : 0.002
      #expect(abs(value - ramp[index]) < tolerance, "\(index)")
    }
  }

  @Test("a step rises as far before its middle as after it")
  func step() {
    let step = (0..<120).map { $0 < 60 ? 0.0 : 1 }
    let shown = Self.design(6, 30).filtered(step)
    for distance in 0..<30 {
      #expect(abs(shown[59 - distance] + shown[60 + distance] - 1) < 1e-6, "\(distance)")
    }
    #expect(shown[59] < 0.5 && shown[60] > 0.5)
  }

  @Test(
    "of a swing 0.707 is left at the cut-off, more below, less above, and in phase",
    arguments: [(6, 30), (6, 60), (3, 25), (1, 120), (0.5, 15)] as [(Double, Double)])
  func sweep(cutoff: Double, rate: Double) {
    let filter = Self.design(cutoff, rate)
    func left(_ frequency: Double) -> (part: Double, phase: Double) {
      // Twenty times the cut-off's period on each side of what is measured, in whole periods.
      let margin = Int(20 * rate / cutoff)
      let length = Int((40 * rate / cutoff).rounded())
      let phases = (0..<length + 2 * margin).map { 2 * .pi * frequency * Double($0) / rate }
      let shown = filter.filtered(phases.map { sin($0) })
      let middle = margin..<margin + length
      let real = middle.reduce(0) { $0 + shown[$1] * sin(phases[$1]) }
      let imaginary = middle.reduce(0) { $0 + shown[$1] * cos(phases[$1]) }
      return (hypot(real, imaginary) / Double(length) * 2, atan2(imaginary, real))
    }
    #expect(abs(left(cutoff).part - 0.5.squareRoot()) < 0.002)
    #expect(left(0.5 * cutoff).part > 0.93)
    #expect(left(1.5 * cutoff).part < 0.35)
    for part in [0.25, 0.5, 1] { #expect(abs(left(part * cutoff).phase) < 0.01) }
  }

  @Test("what is turned round in time comes out turned round")
  func reversed() {
    let values = (0..<120).map { sin(0.2 * Double($0)) + Double(7 * $0 * $0 % 23) / 50 }
    let filter = Self.design(6, 30)
    let (there, back) = (filter.filtered(values), filter.filtered(values.reversed()))
    for (index, (first, second)) in zip(there, back.reversed()).enumerated() {
      // At the ends the run that comes first makes a little difference, as it does in SciPy.
      let tolerance = (20..<100).contains(index) ? 1e-6 : 0.001
      #expect(abs(first - second) < tolerance, "\(index)")
    }
  }

  @Test("of any number of values there come as many, and what is constant stays", arguments: 0..<24)
  func short(count: Int) {
    let filter = Self.design(6, 30)
    for value in filter.filtered(Array(repeating: 0.25, count: count)) {
      #expect(abs(value - 0.25) < 1e-12)
    }
    let shown = filter.filtered((0..<count).map { Double($0 % 3) })
    #expect(shown.count == count && shown.allSatisfy { $0.isFinite && abs($0) < 4 })
  }

  @Test("the cut-off is lowered where the rate does not allow it, and said")
  func lowered() {
    let free = ZeroLagDesign(cutoff: 6, frameRate: 30)
    #expect(free.cutoffUsed == 6 && abs(free.designFrequency - 7.03) < 0.005)
    let slow = ZeroLagDesign(cutoff: 6, frameRate: 10)
    #expect(slow.cutoff == 6 && abs(slow.designFrequency - 4) < 1e-9)
    #expect(abs(slow.cutoffUsed - 3.775) < 0.005)
    for cutoff in [0.01, 3, 5, 1000] {
      for rate in [0.5, 10, 24, 240] {
        let design = ZeroLagDesign(cutoff: cutoff, frameRate: rate)
        #expect(design.designFrequency <= 0.4 * rate && design.designFrequency > 0)
        #expect(design.cutoffUsed <= cutoff && design.cutoffUsed > 0)
      }
    }
  }

  @Test("a value far off its neighbours is taken out; ramps and steps stay")
  func outliers() {
    let ramp = (0..<40).map { 0.1 * Double($0) }
    #expect(HampelFilter.cleaned(ramp) == ramp)
    for place in ramp.indices {
      var spiked = ramp
      spiked[place] += 5
      // To the median, which at an end, where neighbours are on one side only, is two and a half values away.
      for (value, wanted) in zip(HampelFilter.cleaned(spiked), ramp) {
        #expect(abs(value - wanted) < 0.26)
      }
    }
    let step = (0..<40).map { $0 < 20 ? 0.0 : 1 }
    #expect(HampelFilter.cleaned(step) == step)
    for few in [[], [1.0], [1, 9], [1, 2, 9]] {
      #expect(HampelFilter.cleaned(few).count == few.count)
    }
  }

  @Test("frames at uneven times are smoothed where they are")
  func uneven() {
    // Turns of 20, 33 and 47 ms: on average 30 frames a second.
    let times = (0..<300).reduce(into: [0.0]) { times, index in
      times.append((times.last ?? 0) + [0.02, 0.033, 0.047][index % 3])
    }
    let segment = ZeroLagSegment(times, ZeroLagDesign(cutoff: 6, frameRate: 30))
    let swing = times.map { sin(2 * .pi * $0) }
    for (index, value) in segment.smoothed(swing, hasOutliers: false).enumerated()
    where (10..<290).contains(index) {
      // As though every frame were a frame late it would be 0.2; straight lines take 0.01.
      #expect(abs(value - swing[index]) < 0.02, "\(index)")
    }
    let still = segment.smoothed(times.map { _ in 0.7 }, hasOutliers: true)
    #expect(still.count == times.count && still.allSatisfy { abs($0 - 0.7) < 1e-9 })
  }

  @Test("times that a file's clock rounds to milliseconds are even")
  func rounded() {
    for rate in [23.976, 29.97, 60] {
      let times = (0..<600).map { (Double($0) / rate * 1000).rounded() / 1000 }
      #expect(UniformGrid(times, usual: 1 / rate).isEven)
    }
    #expect(!UniformGrid([0, 0.03, 0.1, 0.13], usual: 0.033).isEven)
  }

  @Test("a grid has a bounded number of points, whatever the times")
  func bounded() {
    let grid = UniformGrid([0, 1e-9, 1, 1000], usual: 1e-9)
    #expect(grid.count <= 33)
    let back = grid.sampledBack(grid.resampled([0, 1, 2, 3]))
    #expect(back.allSatisfy { $0.isFinite })
  }
}
