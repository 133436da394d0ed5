import Foundation
import Options
import Testing

@Suite("Help, documentation and completion")
struct TextTests {
  @Test("the overview names every command and no line is wider than 80")
  func overview() {
    for command in Sample.table.commands {
      #expect(Sample.table.overview.contains("  \(command.name)"))
      #expect(Sample.table.overview.contains(command.summary))
    }
    #expect(Sample.table.overview.split(separator: "\n").allSatisfy { $0.count <= 80 })
  }

  @Test("a command's help shows its options with range, default and choices, and an example")
  func help() {
    let help = Sample.table.help(for: Sample.table.commands[0])
    #expect(
      help.contains(
        "  -p, --port NUMBER                 Listen on this port (0 to 65535; default\n")
    )
    #expect(
      help.contains("      --precision full|half         Arithmetic of the model (default full)\n"))
    #expect(
      help.contains(
        "      --origin URL                  Let pages of this origin call us (may be\n"))
    #expect(help.contains("  -v, --verbose                     Say more\n"))
    #expect(help.contains("Examples:\n  sample serve\n      Listen\n"))
    #expect(help.contains("--config FILE"))
    #expect(help.split(separator: "\n").allSatisfy { $0.count <= 80 })
  }

  @Test("the documentation has one row for each option, with its three spellings")
  func markdown() {
    let markdown = Sample.table.markdown
    #expect(
      markdown.contains(
        "| `--max-people NUMBER`, `-n` | `STANCE_MAX_PEOPLE` | `maxPeople` | 1 to 16 | 5 | "))
    #expect(markdown.contains("| `--precision full\\|half` |"))
    for row in Sample.table.rows {
      #expect(markdown.components(separatedBy: "| `\(row.variable)` |").count == 2, "\(row.name)")
    }
  }

  @Test(
    "the completion scripts are valid in their shells", arguments: ["bash", "zsh"])
  func scripts(_ shell: String) throws {
    guard let program = Shell.path(of: shell) else { return }
    let script = shell == "bash" ? Sample.table.bashCompletion : Sample.table.zshCompletion
    #expect(try Shell.run(program, ["-n"], input: script).status == 0)
  }

  @Test(
    "bash completes commands, options, choices and operands",
    .enabled(if: Shell.path(of: "bash") != nil, "needs bash"),
    arguments: [
      (["sample", "se"], ["serve"]), (["sample", "serve", "--po"], ["--port"]),
      (["sample", "serve", "--precision", "h"], ["half"]), (["sample", "shell", "b"], ["bash"]),
      (["sample", "help", "im"], ["image"]), (["sample", "serve", "--port", ""], []),
    ])
  func bash(_ words: [String], _ expected: [String]) throws {
    let quoted = words.map { "'\($0)'" }.joined(separator: " ")
    let script = """
      \(Sample.table.bashCompletion)
      COMP_WORDS=(\(quoted)); COMP_CWORD=\(words.count - 1)
      _sample
      printf '%s\\n' "${COMPREPLY[@]}"
      """
    let program = try #require(Shell.path(of: "bash"))
    let run = try Shell.run(program, [], input: script)
    #expect(run.status == 0)
    #expect(run.output.split(separator: "\n").map(String.init) == expected)
  }
}

/// Runs shells for these tests.
private enum Shell {
  static func path(of name: String) -> String? {
    (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
      .map { "\($0)/\(name)" }.first { FileManager.default.isExecutableFile(atPath: $0) }
  }

  static func run(
    _ program: String, _ arguments: [String], input: String
  ) throws -> (status: Int32, output: String) {
    let file = FileManager.default.temporaryDirectory.appending(path: "stance-\(UUID()).sh")
    try Data(input.utf8).write(to: file)
    defer { try? FileManager.default.removeItem(at: file) }
    let process = Process()
    process.executableURL = URL(filePath: program)
    process.arguments = arguments + [file.path()]
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let bytes = try output.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: bytes, as: UTF8.self))
  }
}
