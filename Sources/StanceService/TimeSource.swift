/// Tells the time since some moment; it never goes back. A test brings one that it moves itself.
package typealias TimeSource = @Sendable () -> Duration

/// The machine's own.
package let machineTime: TimeSource = { [start = ContinuousClock.now] in
  ContinuousClock.now - start
}
