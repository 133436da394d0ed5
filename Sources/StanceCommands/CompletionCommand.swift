import Options

/// `stance completion bash|zsh`: a script that completes the command line.
struct CompletionCommand {
  static let row = CommandRow<Settings>(
    "completion", "Prints a script that completes the command line in a shell",
    operands: Operands("bash|zsh", .choice(["bash", "zsh"]), count: 1...1),
    examples: [
      Example("source <(stance completion bash)", "Complete in this bash; put it into ~/.bashrc"),
      Example("source <(stance completion zsh)", "The same for zsh and ~/.zshrc, after compinit"),
    ])

  private let shell: String
  private let console: Console

  init(_ operands: [String], _ console: Console) {
    shell = operands.first ?? ""
    self.console = console
  }

  func run() throws -> Int32 {
    let table = StanceTable.table
    try console.print(shell == "zsh" ? table.zshCompletion : table.bashCompletion)
    return ExitStatus.success
  }
}
