// The client of /v1/live: frames out, results in, at most two frames without an answer; connects again when it breaks off.
import { accessKey, base, Problem } from "./service.js";

/** Seconds before each new try; the last one repeats. */
const pauses = [1, 2, 4, 8, 15];
/** Then it is given up: the camera should not run for ever. */
const mostTries = 12;
/** Milliseconds for the service's first message, after which it is asked why; and for an answer to a frame. */
const [helloTime, longestAnswer] = [1500, 30_000];
/** A subprotocol is a token (RFC 9110, section 5.6.2); other keys go into the first message. */
const token = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

/**
 * `onState` hears `{ step, problem, seconds }`: `connecting`, `open`, `waiting` (so many seconds, after a problem) or `refused` (for
 * good). `onAnswer` gets each answer to a frame and what was sent with it; `onStale` hears that the service misses frames,
 * `onComplaint` gets a Problem that is no frame's.
 */
export class LiveClient {
  #listeners;
  #socket;
  #options = {};
  #credits = 0;
  #sent = [];
  #frame = 0;
  #tries = 0;
  #timers = new Set();
  /** Counts beginnings and ends: whoever waited meanwhile sees that it is no more wanted. */
  #turn = 0;
  /** Milliseconds: the way there and back, and what the service works for a frame, a moving average. */
  #way = 0;
  #work = 0;

  constructor(listeners) {
    this.#listeners = listeners;
  }

  /** Begins a session with these options. */
  open(options) {
    this.close();
    this.#options = { ...options };
    this.#tries = 0;
    this.#connect();
  }

  close() {
    this.#turn += 1;
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
    const socket = this.#socket;
    this.#forget();
    socket?.close(1000);
  }

  /** Changes options, of this session and those after it; `null` takes one back. */
  change(options) {
    Object.assign(this.#options, options);
    if (this.isOpen) this.#socket.send(JSON.stringify({ options }));
  }

  get isOpen() {
    return this.#credits > 0;
  }

  /**
   * Whether a frame may be sent. With one under way the delay is least; a second one helps where the way takes longer than the
   * work, and only waits where the engines are busy (docs/live.md).
   */
  get hasRoom() {
    const most = this.#way > this.#work ? 2 : 1;
    return this.#sent.length < Math.min(most, this.#credits);
  }

  /** Milliseconds that the oldest frame has waited for its answer. */
  get waiting() {
    return this.#sent.length ? performance.now() - this.#sent[0].at : 0;
  }

  /** Sends a frame with its time in seconds; `context` comes back with its answer. */
  send(blob, time, context) {
    this.#socket.send(JSON.stringify({ frame: this.#frame, time }));
    this.#socket.send(blob);
    this.#sent.push({ frame: this.#frame, at: performance.now(), context });
    this.#frame += 1;
  }

  /** Tries at once instead of waiting on. */
  hurry() {
    this.close();
    this.#connect();
  }

  #connect() {
    this.#say({ step: "connecting" });
    const address = new URL(this.#address);
    address.protocol = address.protocol.replace("http", "ws");
    const key = accessKey();
    const protocols = ["stance.live.1", ...(token.test(key) ? [`stance.key.${key}`] : [])];
    const began = performance.now();
    const socket = new WebSocket(address, protocols);
    this.#socket = socket;
    const listen = (name, listener) => socket.addEventListener(name, (event) => socket === this.#socket && listener(event));
    listen("open", () => {
      // There and back once for the connection, once for the handshake.
      this.#way = (performance.now() - began) / 2;
      if (key && !token.test(key)) socket.send(JSON.stringify({ key }));
      // Who has not shown a key is left without a word.
      this.#after(helloTime, async () => {
        if (this.isOpen || socket !== this.#socket) return;
        const problem = await refusal(this.#address);
        if (socket === this.#socket && problem.code === "unauthorized") this.#fail(problem);
      });
    });
    listen("message", ({ data }) => typeof data === "string" && this.#read(data));
    listen("close", (event) => this.#broken(event));
  }

  get #address() {
    const address = new URL("v1/live", base);
    address.search = new URLSearchParams(Object.entries(this.#options).filter(([, value]) => value !== null));
    return address;
  }

  #read(text) {
    const message = JSON.parse(text);
    if (message.live) {
      this.#credits = message.credits;
      this.#watch();
      this.#say({ step: "open" });
    } else if ("frame" in message) {
      const sent = this.#sent.findIndex(({ frame }) => frame === message.frame);
      if (sent < 0) return;
      const [{ context }] = this.#sent.splice(sent, 1);
      if (message.timing) {
        this.#tries = 0;
        const { total } = message.timing;
        this.#work = this.#work ? this.#work + (total - this.#work) * 0.1 : total;
      }
      this.#listeners.onAnswer(message, context);
    } else if (message.stale) {
      this.#listeners.onStale();
    } else if (message.error) {
      this.#listeners.onComplaint(new Problem(message.error.code, message.error.detail));
    }
  }

  /** Gives up on a service that never answers. */
  #watch() {
    this.#after(1000, () => {
      if (!this.isOpen) return;
      if (this.waiting < longestAnswer) return this.#watch();
      const socket = this.#socket;
      this.#forget();
      socket.close(1000);
      this.#tryLater(new Problem("network"));
    });
  }

  async #broken({ code, reason }) {
    const wasOpen = this.isOpen;
    this.#forget();
    if (wasOpen) return this.#tryLater(new Problem(code === 1011 ? "internal" : "liveBroken", reason));
    const turn = this.#turn;
    const problem = code === 1013 ? new Problem("overloaded", reason) : await refusal(this.#address);
    if (turn !== this.#turn) return;
    if (["unauthorized", "bad_parameter", "forbidden"].includes(problem.code)) this.#fail(problem);
    else this.#tryLater(problem);
  }

  #tryLater(problem) {
    if (this.#tries === mostTries) return this.#fail(problem);
    const seconds = Math.max(pauses[Math.min(this.#tries, pauses.length - 1)], problem.retryAfter ?? 0);
    this.#tries += 1;
    this.#say({ step: "waiting", problem, seconds });
    // Many who were thrown out together don't come back together.
    this.#after(seconds * 1000 * (1 + Math.random() / 4), () => this.#connect());
  }

  #fail(problem) {
    this.close();
    this.#say({ step: "refused", problem });
  }

  /** Frames under way have no answer any more. */
  #forget() {
    this.#socket = undefined;
    [this.#credits, this.#sent, this.#frame, this.#work] = [0, [], 0, 0];
  }

  #after(milliseconds, action) {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      action();
    }, milliseconds);
    this.#timers.add(timer);
  }

  #say(state) {
    this.#listeners.onState(state);
  }
}

/** Why a session was refused: a browser does not tell a page, but the same address asked plainly says it (docs/live.md). */
async function refusal(address) {
  try {
    const answer = await fetch(address, { headers: { Authorization: `Bearer ${accessKey() || "none"}` } });
    const { code, detail } = await answer.json();
    const retryAfter = Number(answer.headers.get("Retry-After")) || undefined;
    return new Problem(answer.status === 426 ? "liveBlocked" : code, detail, retryAfter);
  } catch {
    return new Problem("network");
  }
}
