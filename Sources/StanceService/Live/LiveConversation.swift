import HTTPServer
import Images
import Stance
import Telemetry

/// All that is said over one WebSocket: the key, if it was not shown before, the session, and why it ends.
struct LiveConversation: Sendable {
  let server: ServerOptions
  let finder: any PeopleFinder
  let keys: APIKeys
  let sessions: LiveSessions
  let budget: BodyBudget
  let metrics: ServiceMetrics
  let state: ServiceState

  /// - Parameters:
  ///   - place: a session's for who is known, else one to show a key from.
  ///   - notes: of the request that became the socket.
  /// - Throws: what was a fault of the service, when the client has been told.
  func converse(
    over socket: WebSocketConnection, _ parameters: LiveParameters,
    from place: LiveSessions.Place, isKnown: Bool, _ notes: RequestNotes
  ) async throws {
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
    take(end, tally, notes)
    switch end {
    case .left: break
    case .closed(let code, let reason): await socket.close(code, reason: reason)
    case .failed(let error):
      await socket.close(1011, reason: "the log of the service says more")
      throw error
    }
  }

  private struct KeyRefusal: Error { let end: LiveSession.End }

  /// Waits for the first message, which must show a key.
  private func enterByKey(over socket: WebSocketConnection) async throws -> LiveSessions.Place {
    let time = server.liveKeyTime
    // nil: the client has left.
    let isShown = await withTaskGroup(of: Bool?.self) { group in
      group.addTask {
        for await message in socket { return isKey(message) }
        return nil
      }
      group.addTask {
        do { try await Task.sleep(for: time) } catch { return nil }
        return false
      }
      defer { group.cancelAll() }
      return await group.next() ?? nil
    }
    guard let isShown else { throw KeyRefusal(end: .left) }
    guard isShown else {
      throw KeyRefusal(end: .closed(1008, "the first message must show a key, within \(time)"))
    }
    do {
      let place = try sessions.enter()
      socket.limitMessages(to: server.maxBody)
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
    LiveSession.Limits(
      images: ImageLimits(
        maxPixels: server.maxMegapixels * 1_000_000, maxBytes: server.maxBody),
      messagesPerSecond: server.liveMessages, idleTime: server.liveIdle,
      lifeTime: server.liveTime, staleTime: server.liveStaleTime)
  }

  /// Counts a session and notes what came of it: never anything of a picture, and no key.
  private func take(_ end: LiveSession.End, _ tally: LiveSession.Tally, _ notes: RequestNotes) {
    notes.add("results", .integer(tally.results))
    notes.add("dropped", .integer(tally.dropped))
    notes.add("failed", .integer(tally.failed))
    notes.add(
      "longestDelayMs", .number((tally.longestDelay / .milliseconds(1)).rounded()))
    let word: String
    switch end {
    case .left: word = state.phase == .draining ? "shutdown" : "left"
    case .closed(let code, let reason):
      word = "\(code)"
      notes.add("reason", .text(reason))
    case .failed: word = "1011"
    }
    metrics.liveSessions.add(1, word)
    notes.add("end", .text(word))
  }
}
