package import Options

/// The program's commands and options: the one table behind the command line, the help, the variables, the
/// configuration file, the completion and the documentation.
package enum StanceTable {
  /// The table.
  package static let table = CommandTable<Settings>(
    "stance",
    "Finds people in photos and videos: 33 body landmarks for each, on this machine's processor.",
    defaults: Settings(),
    [
      DetectCommand.row, VideoCommand.row, ExportCommand.row, AnalyseCommand.row,
      ExamplesCommand.row, ServeCommand.row, WorkCommand.row, JobsCommand.row, ModelsCommand.row,
      DoctorCommand.row,
      CompletionCommand.row,
    ])
}
