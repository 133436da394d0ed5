extension CommandTable {
  /// A script that completes commands, options, their choices and paths in zsh.
  package var zshCompletion: String {
    let described = commands.map { "'\($0.name):\(zshText($0.summary))'" }
    return """
      #compdef \(program)
      # Completion of \(program) for zsh. Use it with: source <(\(program) completion zsh)
      _\(program)() {
        local context state state_descr line
        local -A opt_args
        local -a commands=(
          \((described + ["'help:Tells of a command and its options'"]).joined(separator: "\n    "))
        )
        _arguments -C '(- *)--help[Show help]' '(- *)--version[Show the version]' \\
          '1:command:->command' '*::argument:->argument'
        case $state in
        command) _describe 'command' commands ;;
        argument)
          case $words[1] in
      \(commands.map(zshArguments).joined(separator: "\n"))
          help) _arguments '1:command:(\(topics))' ;;
          esac ;;
        esac
      }
      if [[ $zsh_eval_context[-1] == loadautofunc ]]; then
        _\(program) "$@"
      else
        compdef _\(program) \(program)
      fi

      """
  }

  private func zshArguments(of command: CommandRow<Root>) -> String {
    let options = command.rows.map { row in
      let help = "[\(zshText(row.help))]"
      let value = row.placeholder.map { ":\(zshText($0)):\(zshAction(row.kind))" } ?? ""
      let equals = row.placeholder == nil ? "" : "="
      guard let short = row.short else {
        return "'\(row.repeats ? "*" : "")--\(row.name)\(equals)\(help)\(value)'"
      }
      return "'(-\(short) --\(row.name))'{-\(short),--\(row.name)\(equals)}'\(help)\(value)'"
    }
    let operands =
      command.operands.count.upperBound == 0
      ? []
      : ["'*:\(zshText(command.operands.placeholder)):\(zshAction(command.operands.kind))'"]
    let general = [
      "'--config=[Read options from this JSON file]:FILE:_files'", "'(- *)--help[Show help]'",
    ]
    return "    \(command.name))\n      _arguments \\\n        "
      + (options + general + operands).joined(separator: " \\\n        ") + " ;;"
  }

  private func zshAction(_ kind: ValueKind) -> String {
    switch kind {
    case .choice(let words): "(\(words.joined(separator: " ")))"
    case .background: "(blur none)"
    case .file: "_files"
    case .folder: "_files -/"
    case .flag, .integer, .number, .text, .duration, .clipTime, .followed, .bodyHeight, .angles,
      .landmark,
      .exercise,
      .color,
      .rectangle:
      " "
    }
  }

  /// Safe inside single quotes and `_arguments`' brackets and colons.
  private func zshText(_ text: String) -> String {
    text.replacing("\\", with: "\\\\").replacing("'", with: "'\\''").replacing("[", with: "\\[")
      .replacing("]", with: "\\]").replacing(":", with: "\\:")
  }
}
