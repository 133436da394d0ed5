import Foundation
import PoseMotion
import Stance
import Testing

@Suite("Curves")
struct SmoothingTests {
  /// SciPy 1.17.1: `python3 -c "import numpy as np; from scipy.signal import savgol_filter as f; x = np.array(VALUES);
  /// print(f(x, 7, 3, deriv=1, delta=1/30))"`, and so on with the numbers of each row.
  private static let values: [Double] = [
    -1.2, 5.942, 10.054, 9.532, 4.95, -1.208, -5.716, -8.725, -4.513, 2.668, 9.77, 13.782,
    13.146, 5.891, -0.265, -4.697, -4.992, -0.681, 6.536, 13.596, 14.906, 14.157, 9.431, 3.279,
  ]

  private struct Row: Sendable {
    var window: Int
    var order: Int
    var derivative: Int
    var spacing: Double
    var result: [Double]
  }

  private static let scipy: [Row] = [
    Row(
      window: 5, order: 2, derivative: 0, spacing: 1,
      result: [
        -1.334114286, 6.272457143, 9.867314286, 9.368285714, 4.8864, -0.9185428571, -6.2194,
        -7.870085714, -4.6162, 2.664828571, 9.645457143, 13.8174, 12.31551429, 6.498971429,
        -0.4182571429, -4.530371429, -4.806085714, -0.5641714286, 6.752857143, 12.80022857,
        15.38677143, 13.77394286, 9.812971429, 3.151857143,
      ]),
    Row(
      window: 7, order: 3, derivative: 1, spacing: 1.0 / 30,
      result: [
        345.9180952, 165.107381, 22.98666667, -80.44404762, -161.5280952, -181.1158333,
        -109.4046429, 26.59833333, 162.9257143, 228.7403571, 179.3110714, 37.89202381,
        -115.2372619, -201.3294048, -179.9004762, -67.74642857, 61.79583333, 185.7729762, 207.91,
        138.3690476, 16.59321429, -74.9275, -163.9282143, -250.4089286,
      ]),
    Row(
      window: 9, order: 3, derivative: 2, spacing: 1.0 / 25,
      result: [
        -5134.725379, -4004.810606, -2874.895833, -1744.981061, -615.0662879, 420.174513,
        1244.801136, 1478.010011, 1022.054924, -0.06899350649, -989.4751082, -1546.193182,
        -1290.238095, -433.4347944, 633.1777597, 1415.025703, 1437.991071, 784.6469156,
        -144.3709416, -1018.497024, -1831.378968, -2644.260913, -3457.142857, -4270.024802,
      ]),
    Row(
      window: 11, order: 5, derivative: 1, spacing: 0.5,
      result: [
        14.08145239, 12.34007331, 3.838165676, -5.509712821, -11.65711987, -12.42572855,
        -7.268235664, 1.972549184, 10.77667331, 15.63918403, 12.28088147, 2.281018881,
        -7.664346503, -13.51421876, -12.34311224, -5.162107459, 5.137363403, 12.06362028,
        14.00649814, 10.18258497, 1.886035431, -7.553902214, -12.81436434, -6.578871911,
      ]),
  ]

  @Test("smoothed and derived by Savitzky and Golay are SciPy's to a millionth, ends too")
  func scipy() {
    for row in Self.scipy {
      let own = SavitzkyGolay(window: row.window, order: row.order)
        .filtered(Self.values, derivative: row.derivative, spacing: row.spacing)
      #expect(own.count == row.result.count)
      for (value, wanted) in zip(own, row.result) {
        #expect(
          abs(value - wanted) <= 1e-6 * max(1, abs(wanted)),
          "window \(row.window), derivative \(row.derivative): \(value), \(wanted)")
      }
    }
  }

  @Test("that are shorter than the window are still smoothed, of any length")
  func short() {
    for count in 0...6 {
      let line = (0..<count).map { 2 * Double($0) }
      let filter = SavitzkyGolay(window: 7, order: 3)
      #expect(zip(filter.filtered(line), line).allSatisfy { abs($0 - $1) < 1e-9 })
      #expect(filter.filtered(line, derivative: 1).count == count)
    }
  }

  @Test("of a swing have its speed and acceleration, at even and uneven times")
  func derivatives() {
    for jitter in [0.0, 0.004] {
      let times = (0..<120).map { Double($0) / 60 + ($0 % 3 == 1 ? jitter : 0) }
      let turn = 2 * Double.pi
      let curve = MotionCurve(times: times, values: times.map { 40 * sin(turn * $0) })
      let smooth = curve.smoothed()
      for place in 10..<110 {
        let time = times[place]
        #expect(abs(smooth.values.values[place] - 40 * sin(turn * time)) < 0.4)
        #expect(abs(smooth.speed.values[place] - 40 * turn * cos(turn * time)) < 8)
        #expect(
          abs(smooth.acceleration.values[place] + 40 * turn * turn * sin(turn * time)) < 110)
      }
    }
  }

  @Test("keep gaps of 0.2 s, and what is on either side knows nothing of the other")
  func gaps() {
    let times = (0..<60).map { Double($0) / 30 }
    let values = times.indices.map { (20..<30).contains($0) ? nil : ($0 < 20 ? 5.0 : 90) }
    let smooth = MotionCurve(times: times, values: values).smoothed()
    for place in times.indices {
      let value = smooth.values.values[place]
      #expect((20..<30).contains(place) ? value.isNaN : abs(value - (values[place] ?? 0)) < 1e-9)
      #expect((20..<30).contains(place) || abs(smooth.speed.values[place]) < 1e-9)
    }
  }

  @Test("have no points whose time repeats or runs backwards, and no infinite numbers")
  func order() {
    let curve = MotionCurve(times: [0, 0, 1, 0.5, .nan, 2], values: [1, 2, .infinity, 4, 5, 6])
    #expect(curve.times == [0, 1, 2])
    #expect(curve.values[1].isNaN && curve.range == 1...6)
  }

  @Test(
    "of a landmark have speed and acceleration as SciPy's in all directions together, to a millionth"
  )
  func landmark() {
    // numpy.sqrt((savgol_filter(path, 7, 3, deriv=1, delta=1/30) ** 2).sum(0)), and so on, of the path below.
    let wanted = [
      [
        39.72851451, 23.76521872, 15.63071317, 17.04114975, 23.10364125, 25.71178467,
        20.75988332, 15.54417981, 22.40361199, 28.79465164, 25.4530632, 16.50930407, 19.01014937,
        26.65926561, 26.06620783, 18.36457886, 16.27746689, 24.49570221, 27.18957601,
        21.94739728, 15.61830527, 16.80661387, 23.70391766, 33.9292593,
      ],
      [
        613.9230998, 501.9582315, 392.4227649, 288.1011164, 162.8141429, 76.9885497, 255.2618085,
        330.7994969, 255.7068061, 71.27551384, 223.6573011, 342.4580353, 305.1692895,
        137.2078388, 135.4502399, 304.0714333, 322.678894, 195.3773617, 53.04349412, 216.1651815,
        305.5859372, 327.4739531, 357.6954633, 394.3391037,
      ],
    ]
    var curves = LandmarkCurves(.leftWrist)
    for (index, value) in Self.values.enumerated() {
      let (x, y) = (value / 10, Self.values[Self.values.count - 1 - index] / 20)
      curves.add(
        LandmarkPlace(
          .leftWrist, world: SIMD3(x, y, 0.5 * Double(index)), plane: SIMD2(100 * x, 100 * y)),
        at: Double(index) / 30)
    }
    let world = curves.worldMovement
    for (curve, wanted) in zip([world.speed, world.acceleration], wanted) {
      #expect(curve.values.count == wanted.count)
      for (value, wanted) in zip(curve.values, wanted) {
        #expect(abs(value - wanted) <= 1e-6 * max(1, abs(wanted)), "\(value), \(wanted)")
      }
    }
    // In the picture depth does not count: 15 m/s of it are not there.
    for (inPicture, whole) in zip(curves.planeMovement.speed.values, world.speed.values) {
      #expect(abs(inPicture - 100 * (whole * whole - 225).squareRoot()) < 1e-5 * inPicture + 1e-3)
    }
    curves.add(LandmarkPlace(.leftWrist, world: nil, plane: nil), at: 1)
    #expect(curves.worldMovement.speed.values.last?.isNaN == true)
  }
}
