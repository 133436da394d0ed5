import HTTPServer

/// `GET /v1/live`: people in live pictures, over a WebSocket.
///
/// What can be refused is refused before the upgrade. Who has shown no key yet may do so in the first message, and holds
/// neither a session nor more than a small message until then.
struct LiveRoute: Sendable {
  let configuration: ServiceConfiguration
  let keys: APIKeys
  let crossOrigin: CrossOrigin
  let conversation: LiveConversation

  var sessions: LiveSessions { conversation.sessions }

  static let path = "/v1/live"

  var route: Route {
    Route(
      method: "GET", path: Self.path,
      summary: "Follows the people in live pictures (a WebSocket)",
      isOpen: false, checksKey: true,
      description: OpenAPI.liveOperation(LiveParameters(configuration)),
      respond: { try respond(to: $0) })
  }

  private func respond(to request: HTTPRequest) throws -> HTTPResponse {
    try crossOrigin.check(request)
    let offered = LiveProtocols(request)
    let isKnown = try isKnown(request, offered)
    var parameters = LiveParameters(configuration)
    try parameters.read(query: request.query)
    let name = try offered.chosen()
    let place = isKnown ? try sessions.enter() : try sessions.enterWithoutKey()
    // Last: a browser does not tell a page why a WebSocket was refused, but a plain request is told.
    guard request.wantsWebSocket else {
      throw Problem(
        .upgradeRequired, "this path is a WebSocket: wanted is an upgrade (RFC 6455)",
        headers: [("Upgrade", "websocket"), ("Connection", "Upgrade")])
    }
    let notes = RequestNotes.current
    return .webSocket(
      messageLimit: isKnown ? configuration.server.maxBody : LiveMessage.maxBytes, protocol: name
    ) { [parameters] socket in
      try await conversation.converse(
        over: socket, parameters, from: place, isKnown: isKnown, notes)
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
}
