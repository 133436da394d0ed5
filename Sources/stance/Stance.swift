import Glibc
import StanceCommands

/// The program's door.
@main
struct Main {
  static func main() {
    StandardStreams.fillGaps()
    Interrupts.prepareProcess()
    exit(Program(console: .process).run(CommandLine.words))
  }
}
