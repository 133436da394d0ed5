import Dispatch
import Files
import Processes
import Synchronization

/// A source's sound as MP4 in fragments, which a process of its own writes to a pipe for the encoder to read.
///
/// So the encoder reads no file of a stranger, and sound that is damaged ends by itself, and not the pictures with it. The pipe
/// keeps it from running ahead of them. When this process is killed, that one is too: the encoder then ends the video with the
/// last picture, and does not go on to the sound's end.
final class SoundTrack: Sendable {
  /// How long it may take until the first of it comes, in milliseconds.
  private static let patience: Int32 = 30_000
  /// A process that has nothing to write ends this soon after it has written so, in milliseconds.
  private static let pause = 50

  /// Where the encoder reads it.
  private let pipe: Mutex<OpenFile?>
  private let child: StreamingChild
  private let beginning = Beginning()
  private let outcome = Outcome()
  private let thread: Mutex<WorkerThread?>

  private final class Outcome: Sendable {
    let complaint = Mutex<SoundComplaint?>(nil)
    let isThere = DispatchSemaphore(value: 0)
  }

  private final class Beginning: Sendable {
    private let result = Mutex<Result<StreamingChild, ProcessError>?>(nil)
    private let isThere = DispatchSemaphore(value: 0)

    func tell(_ child: Result<StreamingChild, ProcessError>) {
      result.withLock { $0 = $0 ?? child }
      isThere.signal()
    }

    func child() throws -> StreamingChild {
      isThere.wait()
      guard let result = result.withLock({ $0 }) else {
        throw VideoError(.noResources, "no process was started")
      }
      return try result.get()
    }
  }

  /// Starts it, copied if MP4 can hold it, else as AAC.
  ///
  /// - Returns: nil where no sound is within the source's bounds; with a warning where it can't be read.
  /// - Throws: `VideoError` when no process could be started.
  static func start(
    _ source: SoundSource, _ tools: VideoTools
  ) throws(VideoError) -> (track: SoundTrack?, warning: String?) {
    var words = ""
    for copies in source.canBeCopied ? [true, false] : [false] {
      let command = try SoundCommand(source: source, copies: copies).command(tools)
      do {
        let track = try SoundTrack(command, of: source.file)
        guard let complaint = track.earlyEnd() else { return (track, nil) }
        if complaint.isEmpty { return (nil, nil) }
        if !complaint.isFailure { return (track, nil) }
        words = complaint.words
      } catch let error as ProcessError {
        throw DecoderComplaint.notStarted(error)
      } catch {
        throw VideoError(.noResources, "the sound can't be read now: \(error)")
      }
    }
    return (nil, "the sound can't be read and is left out; \(words)")
  }

  private init(_ command: Command, of file: OpenFile) throws {
    let (reading, writing) = try OpenFile.pipe()
    let (beginning, outcome) = (beginning, outcome)
    // The thread that starts the child must outlast it. It takes in what the child says: nobody else waits for it, and a pipe of
    // words that is full would hold it up.
    let thread = try WorkerThread {
      let complaint: SoundComplaint
      do throws(ProcessError) {
        let child = try Self.child(command, file, writing)
        beginning.tell(.success(child))
        complaint = SoundComplaint(try child.end(within: .seconds(1_000_000)))
      } catch {
        beginning.tell(.failure(error))
        complaint = SoundComplaint(lost: error)
      }
      outcome.complaint.withLock { $0 = complaint }
      outcome.isThere.signal()
    }
    do { child = try beginning.child() } catch {
      thread.join()
      throw error
    }
    pipe = Mutex(reading)
    self.thread = Mutex(thread)
  }

  private static func child(
    _ command: Command, _ file: OpenFile, _ writing: OpenFile
  ) throws(ProcessError) -> StreamingChild {
    defer { withExtendedLifetime((file, writing)) {} }
    return try StreamingChild(
      command, input: .descriptor(file.descriptor), output: .descriptor(writing.descriptor))
  }

  deinit { stop() }

  /// Waits for the first of it; what was said if it has ended by then.
  private func earlyEnd() -> SoundComplaint? {
    if pipe.withLock({ $0 })?.isReadable(within: Self.patience) == true {
      _ = outcome.isThere.wait(timeout: .now() + .milliseconds(Self.pause))
    } else {
      stop()
    }
    return outcome.complaint.withLock { $0 }
  }

  /// What the encoder reads it from; nil when it was taken before. To be let go once the encoder has it: while anybody holds it,
  /// whoever writes the sound waits without end for an encoder that reads no more.
  func takePipe() -> OpenFile? { pipe.withLock { $0.take() } }

  /// Waits until all of it is written; what was said.
  func end() -> SoundComplaint? {
    thread.withLock { thread in
      thread?.join()
      thread = nil
    }
    return outcome.complaint.withLock { $0 }
  }

  /// Ends it at once.
  func stop() {
    child.kill()
    _ = end()
  }
}
