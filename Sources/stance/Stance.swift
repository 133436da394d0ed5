import Glibc
import StanceCommands

/// The program's door.
@main
struct Main {
  static func main() {
    Interrupts.ignoreClosedPipes()
    exit(Program(console: .process).run(Array(CommandLine.arguments.dropFirst())))
  }
}
