import HTTPServer
import Stance
import Telemetry

/// The numbers that the service keeps of itself.
struct ServiceMetrics: Sendable {
  let requests = Counter(
    "stance_http_requests_total", "Requests answered.", labels: ["route", "method", "status"])
  let requestSeconds = Histogram(
    "stance_http_request_seconds", "Time from a request's head to its answer.", labels: ["route"])
  let stages = Histogram(
    "stance_stage_seconds",
    "Time of one photo in each stage: queue, checksum, decode, detect, landmarks, draw, encode, write.",
    labels: ["stage"])
  let people = Counter("stance_people_total", "People found.")
  let photos = Counter("stance_photos_total", "Photos searched.", labels: ["model"])
  let cacheRequests = Counter(
    "stance_cache_requests_total", "Photos by how the cache served them: hit, miss, shared.",
    labels: ["result"])
  let problems = Counter("stance_problems_total", "Requests refused or failed.", labels: ["code"])

  let liveSessions = Counter(
    "stance_live_sessions_total", "Live sessions that have ended.", labels: ["end"])
  let liveFrames = Counter(
    "stance_live_frames_total", "Live frames answered.", labels: ["answer"])
  let liveDelay = Histogram(
    "stance_live_delay_seconds", "Time from a live frame's arrival until its result was sent.")

  let videos = Counter(
    "stance_videos_total",
    "Videos that were worked on: done, left, or the code of what went wrong.",
    labels: ["end"])
  let videoFrames = Counter("stance_video_frames_total", "Frames of videos answered.")
  let videoSeconds = Counter(
    "stance_video_seconds_total", "Seconds of videos answered, in their own time.")
  let videoBytes = Counter("stance_video_bytes_total", "Bytes of videos that came.")

  let jobsAccepted = Counter("stance_jobs_accepted_total", "Jobs that were handed over.")
  let webhooks = Counter(
    "stance_job_webhooks_total", "Messages about jobs' ends: told, failed, given_up.",
    labels: ["result"])

  /// Counts what one search found and took.
  func count(_ result: PoseResult) {
    people.add(Double(result.people.count))
    photos.add(1, result.complexity.name)
    stages.observe(result.timing.decode, "decode")
    stages.observe(result.timing.detect, "detect")
    stages.observe(result.timing.landmarks, "landmarks")
  }

  /// Runs one stage and counts its time.
  func timed<Result>(_ stage: String, _ body: () throws -> Result) rethrows -> Result {
    let start = ContinuousClock.now
    defer { stages.observe(ContinuousClock.now - start, stage) }
    return try body()
  }

  /// Everything as Prometheus reads it, with what is read only now.
  func text(
    _ answers: PoseAnswers, _ bodies: BodyBudget, _ sessions: LiveSessions,
    _ videos: Places, _ work: WorkFolder, _ jobs: JobNumbers?, version: String
  ) -> String {
    let admission = answers.admission
    let now: [any Metric] = [
      Gauge("stance_queue_depth", "Requests that wait for an engine.") { Double(admission.depth) },
      Gauge("stance_queue_limit", "Requests that may wait for an engine.") {
        Double(admission.maxWaiting)
      },
      Gauge("stance_engines", "Photos that can be searched at once.") {
        Double(answers.engineCount)
      },
      Gauge("stance_engines_busy", "Photos that are searched now.") {
        Double(min(admission.working, answers.engineCount))
      },
      Gauge("stance_body_bytes", "Bytes of all request bodies and live frames in memory.") {
        Double(bodies.bytes)
      },
      Gauge("stance_cache_bytes", "Bytes of answers and people found in the cache.") {
        Double(answers.cached.bytes)
      },
      Gauge("stance_cache_entries", "Answers in the cache.") { Double(answers.cached.answers) },
      Gauge("stance_live_sessions", "Live sessions that are open.") { Double(sessions.count) },
      Gauge("stance_live_waiting", "Live clients that have yet to show a key.") {
        Double(sessions.waiting)
      },
      Gauge("stance_videos", "Videos that are worked on, or come in.") { Double(videos.count) },
      Gauge("stance_work_bytes", "Bytes of all videos in the work folder.") { Double(work.bytes) },
      Gauge("stance_build_info", "Always 1; the version is a label.") {
        [MetricSample(1, labels: [(name: "version", value: version)])]
      },
    ]
    let kept: [any Metric] = [
      requests, requestSeconds, stages, people, photos, cacheRequests, problems,
      liveSessions, liveFrames, liveDelay, self.videos, videoFrames, videoSeconds, videoBytes,
      jobsAccepted, webhooks,
    ]
    return PrometheusText.text(
      of: kept + now + (jobs?.metrics ?? []) + ProcessStatistics.metrics)
  }
}
