extension Array where Element: Sendable {
  /// Each element transformed, `limit` of them at a time; the results in the elements' order.
  ///
  /// - Throws: the first failure, when the transformations under way have ended.
  func concurrentMap<Result: Sendable>(
    atMost limit: Int, _ transform: @escaping @Sendable (Element) async throws -> Result
  ) async throws -> [Result] {
    try await withThrowingTaskGroup(of: (place: Int, result: Result).self) { group in
      var done: [(place: Int, result: Result)] = []
      for (place, element) in enumerated() {
        if place >= limit, let next = try await group.next() { done.append(next) }
        group.addTask { (place, try await transform(element)) }
      }
      for try await next in group { done.append(next) }
      return done.sorted { $0.place < $1.place }.map(\.result)
    }
  }
}
