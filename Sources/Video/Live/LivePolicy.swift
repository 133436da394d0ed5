/// When a live source is given up and taken up again.
package struct LivePolicy: Sendable {
  /// Without a frame for so long the connection is given up; longer where frames come more seldom.
  package var stall: Duration
  /// The first frame of a connection may take so long.
  package var connecting: Duration
  /// How long to wait before each attempt.
  package var backOff: BackOff

  /// 3 s without a frame, 20 s for the first.
  package init(
    stall: Duration = .seconds(3), connecting: Duration = .seconds(20), backOff: BackOff = BackOff()
  ) {
    (self.stall, self.connecting, self.backOff) = (stall, connecting, backOff)
  }

  /// The patience with a source of so many frames a second.
  func stall(frameRate: Double?) -> Duration {
    guard let frameRate, frameRate > 0 else { return stall }
    return max(stall, .seconds(min(4 / frameRate, 60)))
  }
}
