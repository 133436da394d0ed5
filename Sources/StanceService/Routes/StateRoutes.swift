import HTTPServer
import Inference
import Stance
import Telemetry

/// Whether the service lives, is ready, which it is, and its numbers.
struct StateRoutes: Sendable {
  let configuration: ServiceConfiguration
  let state: ServiceState
  let answers: PoseAnswers
  let bodies: BodyBudget
  let sessions: LiveSessions
  let videos: Places
  let work: WorkFolder
  let jobs: JobRoutes
  let metrics: ServiceMetrics
  let version: String

  var routes: [Route] { [health, readiness, versions, numbers] }

  private var health: Route {
    Route(
      method: "GET", path: "/healthz", summary: "Tells that the process answers",
      description: OpenAPI.plainOperation("ok", "application/json")
    ) { _ in .json(["status": "ok"]) }
  }

  private var readiness: Route {
    Route(
      method: "GET", path: "/readyz",
      summary:
        "Tells whether requests are wanted: the models are warm, and the service is not draining",
      description: OpenAPI.plainOperation("ready", "application/json", alsoUnready: true)
    ) { _ in
      let phase = state.phase
      return .json(["status": .text(phase.rawValue)], status: phase == .ready ? 200 : 503)
    }
  }

  private var versions: Route {
    Route(
      method: "GET", path: "/version", summary: "Tells versions and defaults",
      description: OpenAPI.plainOperation("the versions", "application/json")
    ) { _ in
      .json([
        "name": "stance", "version": .text(version), "runtime": .text(InferenceRuntime.version),
        "precision": .text(configuration.engine.precision.rawValue),
        "engines": .integer(answers.engineCount),
        "complexity": .integer(configuration.pose.complexity.rawValue),
        "maxPeople": .integer(configuration.pose.maxPeople),
        "maxBody": .integer(configuration.server.maxBody),
        "maxMegapixels": .integer(configuration.server.maxMegapixels),
        "maxVideoBody": .integer(configuration.server.maxVideoBody),
        "jobs": .bool(jobs.desk != nil),
        "maxJobBody": .integer(configuration.server.maxJobBody),
      ])
    }
  }

  private var numbers: Route {
    Route(
      method: "GET", path: "/metrics", summary: "Gives the service's numbers to Prometheus",
      isOpen: false, description: OpenAPI.plainOperation("the numbers", "text/plain")
    ) { _ in
      let text = metrics.text(
        answers, bodies, sessions, videos, work, await jobs.numbers(), version: version)
      return HTTPResponse(
        headers: ["Content-Type": PrometheusText.contentType, "Cache-Control": "no-store"],
        content: .bytes(Array(text.utf8)))
    }
  }
}
