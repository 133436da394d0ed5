import Processes
import Synchronization

/// Runs `body` on threads of its own, which may block, and gives what each returned.
func inParallel<Result: Sendable>(_ count: Int, _ body: @escaping @Sendable (Int) throws -> Result)
  throws -> [Result]
{
  let results = Mutex<[Swift.Result<Result, any Error>]>([])
  let threads = try (0..<count).map { number in
    try WorkerThread {
      let result = Swift.Result { try body(number) }
      results.withLock { $0.append(result) }
    }
  }
  for thread in threads { thread.join() }
  return try results.withLock { try $0.map { try $0.get() } }
}
