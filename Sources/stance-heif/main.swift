import Glibc

// `stance-heif MAX-PIXELS MAX-BYTES`: a HEIC or AVIF comes on standard input; its width, height and channels (4 bytes each,
// little-endian) and its upright pixels, RGB or RGBA, go to standard output. A failure is one line on standard error.

guard CommandLine.arguments.count == 3, let maxPixels = Int(CommandLine.arguments[1]),
  let maxBytes = Int(CommandLine.arguments[2]), maxPixels > 0, maxBytes > 0
else {
  Failure(.usage, "usage: stance-heif MAX-PIXELS MAX-BYTES <picture >pixels").exit()
}

do throws(Failure) {
  let bytes = try StandardStreams.read(atMost: maxBytes)
  try Picture(bytes, maxPixels: maxPixels).write()
} catch {
  error.exit()
}
