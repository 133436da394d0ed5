import Glibc
import PictureDecoders

// The process that decodes what is not decoded in process. What it says of a failure is one line on standard error.
do throws(Failure) {
  try Invocation(CommandLine.arguments.dropFirst()).run()
} catch {
  let line = Array((error.message + "\n").utf8)
  // Nobody is told when this fails: the status says enough.
  _ = write(2, line, line.count)
  exit(error.status.rawValue)
}
