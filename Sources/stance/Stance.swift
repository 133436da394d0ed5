import Glibc
import StanceCommands

/// The program's door.
@main
struct Main {
  static func main() {
    StandardStreams.fillGaps()
    Interrupts.prepareProcess()
    let words = CommandLine.words
    CommandLine.hideSecrets()
    exit(Program(console: .process).run(words))
  }
}
