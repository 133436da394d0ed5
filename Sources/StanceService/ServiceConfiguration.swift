package import Options
package import PoseRendering
package import Stance
package import Telemetry

/// Everything that decides how the service behaves: the application is a function of it.
package struct ServiceConfiguration: Sendable {
  /// What is looked for when a request does not say otherwise.
  package var pose = PoseOptions()
  /// How people are drawn when a request does not say otherwise.
  package var style = DrawingStyle()
  /// The same for the routes that answer as the tutorial does.
  package var tutorialStyle = Self.tutorialStyle
  /// 1...100, for JPEG and WebP, when a request does not say otherwise.
  package var quality = 90
  /// How inference runs. The service always uses one engine a thread.
  package var engine = EngineOptions()
  /// What `stance serve` alone has.
  package var server = ServerOptions()
  /// Where jobs are kept and what they may have.
  package var jobs = JobOptions()

  /// The defaults.
  package init() {}

  /// As MediaPipe draws: guessed joints like the others, unlikely ones not at all.
  package static let tutorialStyle = {
    var style = DrawingStyle()
    (style.guessed, style.minVisibility) = (.plain, 0.5)
    return style
  }()
}

/// The options of `stance serve` that no other command has.
package struct ServerOptions: Sendable {
  /// An IPv4 or IPv6 address, or a name of this machine.
  package var host = "127.0.0.1"
  /// 0 for any free one.
  package var port = 5000
  /// Bytes of a request's body.
  package var maxBody = 20 << 20
  /// Pixels of a picture, in millions.
  package var maxMegapixels = 64
  /// Bytes of all bodies that are in memory at once.
  package var maxBodies = 256 << 20
  /// Open connections.
  package var maxConnections = 1024
  /// Connections beyond those that are held for a moment, so that their clients hear why.
  package var maxTurnedAway = 128
  /// Requests that may wait for an engine.
  package var queue = 64
  /// How long a body may take to come, on top of what its size needs at 16 KiB a second.
  package var bodyTime = Duration.seconds(20)
  /// How long a request may wait for an engine.
  package var queueTime = Duration.seconds(2)
  /// How long a request may take once its body is there.
  package var requestTime = Duration.seconds(30)
  /// How long accepted requests may go on after SIGTERM.
  package var grace = Duration.seconds(30)
  /// Mebibytes of answers kept in memory; 0 for none.
  package var cacheSize = 64
  /// Complexities beside the default one that are loaded at the start.
  package var preload: [Complexity] = []
  /// Live sessions at once; 0: none.
  package var liveSessions = 32
  /// Frames a second that each live session shall get: one more is refused when that can't be.
  package var liveRate = 5.0
  /// Messages a second of one live session, on average over three seconds.
  package var liveMessages = 120
  /// After how long without a message a live session is closed.
  package var liveIdle = Duration.seconds(60)
  /// How long a live session may last.
  package var liveTime = Duration.seconds(3600)
  /// After how long without a frame a live client is told so.
  package var liveStaleTime = Duration.seconds(3)
  /// How long a live client may take to show its key.
  package var liveKeyTime = Duration.seconds(5)
  /// Videos that are worked on at once; 0: none.
  package var videos = 2
  /// Bytes of a video.
  package var maxVideoBody = 1 << 30
  /// Bytes of all videos that lie in the work folder at once.
  package var maxWork = 4 << 30
  /// How much of a video is looked at.
  package var maxVideoDuration = Duration.seconds(600)
  /// Pixels of a video's frame, in millions.
  package var maxVideoMegapixels = 9
  /// How long a video may take, its upload included.
  package var videoTime = Duration.seconds(1800)
  /// Where videos lie while they are worked on; nil: a folder of this user's in `TMPDIR` or `/tmp`.
  package var workFolder: String?
  /// Bytes of a job.
  package var maxJobBody = 16 << 30
  /// Whether search and model are stepped down under load.
  package var adaptive = false
  /// The wait from which `adaptive` steps down.
  package var adaptiveTarget = Duration.milliseconds(500)
  /// A file of keys, one a line; nil: no key is asked for.
  package var apiKeys: String?
  /// Origins whose pages may call the service.
  package var corsOrigins: [String] = []
  /// Names under which the service may be asked when it listens at a loopback address.
  package var allowedHosts: [String] = []
  /// A PEM file of the certificate and its chain; nil: no TLS.
  package var tlsCertificate: String?
  /// A PEM file of the certificate's private key.
  package var tlsKey: String?
  /// nil: text on a terminal, JSON elsewhere.
  package var logFormat: Log.Format?

  /// The defaults.
  package init() {}
}

extension Log.Format: OptionValue {}

/// The rows of ``ServerOptions``.
package enum ServerRows {
  /// Where and how the server listens.
  package static let listening: [OptionRow<ServerOptions>] = [
    .option(
      "host", \.host,
      "The address to listen at, or a name, which is looked up; 0.0.0.0 or :: for every network"),
    .option("port", short: "p", \.port, "The port to listen at; 0 for any free one", in: 0...65535),
    .option(
      "tls-certificate", \.tlsCertificate, "Serve HTTPS with this PEM certificate chain",
      kind: .file),
    .option("tls-key", \.tlsKey, "The certificate's private key, a PEM file", kind: .file),
    .option(
      "api-keys", \.apiKeys, "Ask for one of the keys in this file, one a line", kind: .file),
    .list("cors-origin", \.corsOrigins, "Let pages of this origin call the service"),
    .list(
      "allowed-host", \.allowedHosts,
      "At a loopback address, answer requests for this host too: the name that a proxy passes on",
      placeholder: "NAME"),
    .option("log-format", \.logFormat, "Unset: text on a terminal, json elsewhere"),
  ]

  /// What bounds the service.
  package static let limits: [OptionRow<ServerOptions>] = [
    .option("queue", \.queue, "Requests that may wait for an engine", in: 0...10_000),
    .option("queue-time", \.queueTime, "How long a request may wait for an engine", in: times),
    .option(
      "body-time", \.bodyTime, "How long a body may take, on top of its size at 16 KiB a second",
      in: times),
    .option(
      "request-time", \.requestTime, "How long a request may take after its body came", in: times),
    .option("grace", \.grace, "How long accepted requests may go on after SIGTERM", in: times),
    .option("max-body", \.maxBody, "Bytes of a request's body", in: 1...(1 << 30)),
    .option("max-bodies", \.maxBodies, "Bytes of all bodies in memory at once", in: 1...(1 << 40)),
    .option("max-megapixels", \.maxMegapixels, "Megapixels of a picture", in: 1...268),
    .option("max-connections", \.maxConnections, "Open connections", in: 1...100_000),
    .option("live-sessions", \.liveSessions, "Live sessions at once; 0 for none", in: 0...10_000),
    .option(
      "live-rate", \.liveRate,
      "Refuse one more live session when each would get fewer frames a second", in: 0.1...240),
    .option(
      "live-messages", \.liveMessages, "Messages a second of one live session", in: 1...10_000),
    .option(
      "live-idle", \.liveIdle, "Close a live session after so long without a message", in: times),
    .option(
      "live-time", \.liveTime, "How long a live session may last",
      in: Duration.seconds(1)...Duration.seconds(7 * 86_400)),
    .option(
      "cache-size", \.cacheSize, "Mebibytes of answers kept in memory; 0 for none",
      in: 0...(1 << 20)),
    .option("videos", \.videos, "Videos that are worked on at once; 0 for none", in: 0...1000),
    .option("max-video-body", \.maxVideoBody, "Bytes of a video", in: 1...(1 << 40)),
    .option(
      "max-work", \.maxWork, "Bytes of all videos in the work folder at once", in: 1...(1 << 44)),
    .option(
      "max-video-duration", \.maxVideoDuration, "How much of a video is looked at, in its own time",
      in: Duration.seconds(1)...Duration.seconds(7 * 86_400)),
    .option(
      "max-video-megapixels", \.maxVideoMegapixels, "Megapixels of a video's frame", in: 1...35),
    .option(
      "video-time", \.videoTime, "How long a video may take, its upload included",
      in: Duration.milliseconds(1)...Duration.seconds(7 * 86_400)),
    .option(
      "work-folder", \.workFolder,
      "Where videos lie while they are worked on, for this user alone; unset: stance-UID in TMPDIR or /tmp",
      kind: .folder),
    .option(
      "max-job-body", \.maxJobBody, "Bytes of the photos, archive or video of a job",
      in: 1...(1 << 44)),
    .list("preload", \.preload, "Load this complexity at the start too, not at its first use"),
    .option(
      "adaptive", \.adaptive,
      "Under load make a quicker search, then use a lighter model, where a request does not name them"
    ),
    .option(
      "adaptive-target", \.adaptiveTarget,
      "The wait for an engine from which --adaptive steps down",
      in: times),
  ]

  /// Those that hold for `stance work` too.
  package static let ofWork: [OptionRow<ServerOptions>] = (limits + listening).filter {
    ["grace", "max-body", "max-megapixels", "max-video-megapixels", "log-format"].contains($0.name)
  }

  private static let times = Duration.milliseconds(1)...Duration.seconds(3600)
}
