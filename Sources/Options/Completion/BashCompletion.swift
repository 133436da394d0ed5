extension CommandTable {
  /// A script that completes commands, options, their choices and paths in bash 4 and later.
  package var bashCompletion: String {
    """
    # Completion of \(program) for bash. Use it with: source <(\(program) completion bash)
    _\(program)_words() { mapfile -t COMPREPLY < <(compgen -W "$1" -- "$current"); }
    _\(program)_files() { mapfile -t COMPREPLY < <(compgen -f -- "$current"); }
    _\(program)_folders() { mapfile -t COMPREPLY < <(compgen -d -- "$current"); }
    _\(program)() {
      local current=${COMP_WORDS[COMP_CWORD]} command=${COMP_WORDS[1]} previous=
      if ((COMP_CWORD > 0)); then previous=${COMP_WORDS[COMP_CWORD - 1]}; fi
      COMPREPLY=()
      if ((COMP_CWORD == 1)); then
        _\(program)_words "\(topics) --help --version"
        return
      fi
      case "$command $previous" in
    \(commands.flatMap(bashValues).joined(separator: "\n"))
      *' --config') _\(program)_files; return ;;
      esac
      case "$command" in
    \(commands.map(bashWords).joined(separator: "\n"))
      help) _\(program)_words "\(topics)" ;;
      esac
    }
    complete -o filenames -F _\(program) \(program)

    """
  }

  /// The commands, and "help".
  var topics: String { (commands.map(\.name) + ["help"]).joined(separator: " ") }

  /// What completes the value after an option.
  private func bashValues(of command: CommandRow<Root>) -> [String] {
    command.rows.filter { $0.placeholder != nil }.map { row in
      let spellings = ["--" + row.name] + (row.short.map { ["-\($0)"] } ?? [])
      let patterns = spellings.map { "'\(command.name) \($0)'" }.joined(separator: "|")
      return "  \(patterns)) \(bashAction(row.kind)); return ;;"
    }
  }

  private func bashWords(of command: CommandRow<Root>) -> String {
    let options = command.rows.flatMap { row in
      ["--" + row.name] + (row.short.map { ["-\($0)"] } ?? [])
    }
    let words = (options + ["--config", "--help"]).joined(separator: " ")
    let operands =
      command.operands.count.upperBound == 0 ? ":" : bashAction(command.operands.kind)
    return """
        \(command.name))
          if [[ $current == -* ]]; then _\(program)_words "\(words)"; else \(operands); fi ;;
      """
  }

  private func bashAction(_ kind: ValueKind) -> String {
    switch kind {
    case .choice(let words): "_\(program)_words \"\(words.joined(separator: " "))\""
    case .background: "_\(program)_words \"blur none\""
    case .file: "_\(program)_files"
    case .folder: "_\(program)_folders"
    case .flag, .integer, .number, .text, .duration, .clipTime, .followed, .bodyHeight, .angles,
      .landmark,
      .exercise,
      .color,
      .rectangle:
      ":"
    }
  }
}
