import Dispatch
import Files
import Processes
import Synchronization

/// A source's sound as MP4 in fragments, which a process of its own writes to a pipe for the encoder to read.
///
/// So the encoder reads no file of a stranger, and sound that is damaged ends by itself, and not the pictures with it. The pipe
/// keeps it from running ahead of them.
final class SoundTrack: Sendable {
  /// How long it may take until the first of it comes, in milliseconds.
  private static let patience: Int32 = 30_000
  /// A process that has nothing to write ends this soon after it has written so, in milliseconds.
  private static let pause = 50

  /// Where the encoder reads it.
  let pipe: OpenFile
  private let child: StreamingChild
  private let outcome = Outcome()
  private let thread: Mutex<WorkerThread?>

  private final class Outcome: Sendable {
    let complaint = Mutex<SoundComplaint?>(nil)
    let isThere = DispatchSemaphore(value: 0)
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
    let child = try withExtendedLifetime((file, writing)) {
      try StreamingChild(
        command, input: .descriptor(file.descriptor), output: .descriptor(writing.descriptor))
    }
    pipe = reading
    self.child = child
    let outcome = outcome
    // It takes in what the child says: nobody else waits for it, and a pipe of words that is full would hold it up.
    thread = Mutex(
      try WorkerThread {
        let complaint: SoundComplaint
        do throws(ProcessError) {
          complaint = SoundComplaint(try child.end(within: .seconds(1_000_000)))
        } catch {
          complaint = SoundComplaint(lost: error)
        }
        outcome.complaint.withLock { $0 = complaint }
        outcome.isThere.signal()
      })
  }

  deinit { stop() }

  /// Waits for the first of it; what was said if it has ended by then.
  private func earlyEnd() -> SoundComplaint? {
    if pipe.isReadable(within: Self.patience) {
      _ = outcome.isThere.wait(timeout: .now() + .milliseconds(Self.pause))
    } else {
      stop()
    }
    return outcome.complaint.withLock { $0 }
  }

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
