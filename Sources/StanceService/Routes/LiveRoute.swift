import HTTPServer
import Images
import Stance
import Telemetry

/// `GET /v1/live`: people in live pictures, over a WebSocket.
///
/// What can be refused is refused before the upgrade. Who has shown no key yet may do so in the first message, and holds
/// neither a session nor more than a small message until then.
struct LiveRoute: Sendable {
  let configuration: ServiceConfiguration
  let finder: any PeopleFinder
  let keys: APIKeys
  let crossOrigin: CrossOrigin
  let sessions: LiveSessions
  let budget: BodyBudget
  let metrics: ServiceMetrics
  let log: Log
  let state: ServiceState

  static let path = "/v1/live"

  var route: Route {
    Route(
      method: "GET", path: Self.path,
      summary: "Follows the people in live pictures (a WebSocket)",
      description: OpenAPI.liveOperation(LiveParameters(configuration)),
      respond: { try respond(to: $0) })
  }

  private func respond(to request: HTTPRequest) throws -> HTTPResponse {
    try crossOrigin.check(request)
    let offered = LiveProtocols(request)
    let isKnown = try isKnown(request, offered)
    guard request.wantsWebSocket else {
      throw Problem(
        .upgradeRequired, "this path is a WebSocket: wanted is an upgrade (RFC 6455)",
        headers: [("Upgrade", "websocket"), ("Connection", "Upgrade")])
    }
    var parameters = LiveParameters(configuration)
    try parameters.read(query: request.query)
    let name = try offered.chosen()
    let place = isKnown ? try sessions.enter() : try sessions.enterWithoutKey()
    return .webSocket(
      messageLimit: isKnown ? maxFrame : LiveMessage.maxBytes, protocol: name
    ) { [parameters] socket in
      await converse(
        over: socket, parameters, from: place, isKnown: isKnown, peer: request.peer)
    }
  }

  /// - Returns: false when a key is asked for and none was shown.
  /// - Throws: `Problem` with `unauthorized` for a wrong one.
  private func isKnown(_ request: HTTPRequest, _ offered: LiveProtocols) throws(Problem) -> Bool {
    guard keys.areAsked else { return true }
    if request.headers["Authorization"] != nil {
      try keys.check(request)
      return true
    }
    guard let key = offered.key else { return false }
    guard keys.matches(key) else {
      throw Problem(
        .unauthorized, "the key in the subprotocol is none of this service",
        headers: [("WWW-Authenticate", "Bearer")])
    }
    return true
  }

  private var maxFrame: Int { configuration.server.maxBody }

  // MARK: The session

  /// - Parameter place: a session's for who is known, else one to show a key from.
  private func converse(
    over socket: WebSocketConnection, _ parameters: LiveParameters,
    from place: LiveSessions.Place, isKnown: Bool, peer: String
  ) async {
    let began = ContinuousClock.now
    var tally = LiveSession.Tally()
    let end: LiveSession.End
    do {
      let seat = if isKnown { place } else { try await enterByKey(over: socket) }
      // The one to show a key from is for the next one now.
      if !isKnown { place.giveBack() }
      let session = LiveSession(
        socket,
        try finder.liveTracker(parameters.effectivePose, parameters.tracking), seat, budget,
        limits, metrics)
      end = await session.run(parameters)
      tally = session.tally
      seat.giveBack()
    } catch let refusal as KeyRefusal {
      end = refusal.end
    } catch {
      end = .failed(error)
    }
    place.giveBack()
    note(end, tally, lasted: ContinuousClock.now - began, peer: peer)
    switch end {
    case .left: break
    case .closed(let code, let reason): await socket.close(code, reason: reason)
    case .failed: await socket.close(1011, reason: "the log of the service says more")
    }
  }

  private struct KeyRefusal: Error { let end: LiveSession.End }

  /// Waits for the first message, which must show a key.
  private func enterByKey(over socket: WebSocketConnection) async throws -> LiveSessions.Place {
    let time = configuration.server.liveKeyTime
    let isShown = await withTaskGroup(of: Bool.self) { group in
      group.addTask {
        for await message in socket { return isKey(message) }
        return false
      }
      group.addTask {
        do { try await Task.sleep(for: time) } catch { return false }
        return false
      }
      defer { group.cancelAll() }
      return await group.next() ?? false
    }
    guard isShown else {
      throw KeyRefusal(end: .closed(1008, "the first message must show a key, within \(time)"))
    }
    do {
      let place = try sessions.enter()
      socket.limitMessages(to: maxFrame)
      return place
    } catch {
      throw KeyRefusal(end: .closed(1013, error.detail))
    }
  }

  private func isKey(_ message: WebSocketMessage) -> Bool {
    guard case .text(let text) = message else { return false }
    do throws(Problem) {
      guard case .key(let key) = try LiveMessage(text) else { return false }
      return keys.matches(key)
    } catch {
      return false
    }
  }

  private var limits: LiveSession.Limits {
    let server = configuration.server
    return LiveSession.Limits(
      images: ImageLimits(
        maxPixels: server.maxMegapixels * 1_000_000, maxBytes: server.maxBody),
      messagesPerSecond: server.liveMessages, idleTime: server.liveIdle,
      lifeTime: server.liveTime, staleTime: server.liveStaleTime)
  }

  /// Counts a session and writes its one line: never anything of a picture, and no key.
  private func note(
    _ end: LiveSession.End, _ tally: LiveSession.Tally, lasted time: Duration, peer: String
  ) {
    let word: String
    var fields: [(name: String, value: JSONValue)] = [
      ("peer", .text(peer)), ("seconds", .number((time / .milliseconds(100)).rounded() / 10)),
      ("results", .integer(tally.results)), ("dropped", .integer(tally.dropped)),
      ("failed", .integer(tally.failed)),
      ("longestDelayMs", .number((tally.longestDelay / .milliseconds(1)).rounded())),
    ]
    switch end {
    case .left: word = state.phase == .draining ? "shutdown" : "left"
    case .closed(let code, let reason):
      word = "\(code)"
      fields.append(("reason", .text(reason)))
    case .failed(let error):
      word = "1011"
      fields.append(("error", .text("\(error)")))
    }
    metrics.liveSessions.add(1, word)
    fields.append(("end", .text(word)))
    log(word == "1011" ? .error : .info, "live session", fields)
  }
}

/// The subprotocols that a client offers, and the key that may be among them: a page can set no header field.
struct LiveProtocols {
  static let version = "stance.live.1"
  private static let keyPrefix = "stance.key."

  private let names: [Substring]

  init(_ request: HTTPRequest) {
    let fields = request.headers.fields.filter {
      $0.name.lowercased() == "sec-websocket-protocol"
    }
    names = fields.flatMap { $0.value.split { $0 == "," || $0 == " " || $0 == "\t" } }
  }

  var key: String? {
    names.first { $0.hasPrefix(Self.keyPrefix) }.map { String($0.dropFirst(Self.keyPrefix.count)) }
  }

  /// The one that is spoken; nil when the client offers none.
  ///
  /// - Throws: `Problem` with `bad_parameter` when it offers others only.
  func chosen() throws(Problem) -> String? {
    if names.isEmpty { return nil }
    guard names.contains(where: { $0 == Self.version }) else {
      throw Problem(.badParameter, "the subprotocol spoken here is \(Self.version)")
    }
    return Self.version
  }
}
