// One clip of this visit, and what the service found in it.
import { LineSplitter, readLine } from "./clip-lines.js";
import { clipProblem, requestClipResults } from "./clip-request.js";
import { ClipResults } from "./clip-results.js";
import { readClip } from "./job-results.js";
import { describe, Problem } from "./service.js";

/** A guess of the time left needs so many seconds of work. */
const leastSeconds = 1;

/**
 * A clip. `state` is `sending`, `working`, `done`, `cancelled` or `failed` (then there is a `problem`). Whatever came until then is
 * in `results`, as numbers, and in `lines`, as it was sent.
 */
export class Clip {
  file = undefined;
  url = undefined;
  state = "sending";
  /** `sent` (0 to 1, undefined if unknown), `waiting` seconds, `part` of the clip (0 to 1) and seconds `left`, as far as known. */
  progress = {};
  results = new ClipResults();
  problem = undefined;
  /** In seconds, as the browser tells it; 0 where it can't. */
  playedDuration = 0;
  #parts = [];
  #splitter = new LineSplitter();
  #isEnded = false;
  #started;
  #abort = new AbortController();

  /**
   * `query` is what the service is asked with, for results and drawings, `movement` what for results beside; `onChange` hears of every
   * step. `job` has the results already: then there may be no `file`.
   */
  constructor(file, { query, movement = {}, job, onChange }) {
    Object.assign(this, { query, movement, job, onChange, name: file?.name || job?.name || "clip" });
    if (file) this.attach(file);
  }

  attach(file) {
    this.file = file;
    this.url = URL.createObjectURL(file);
  }

  /** In seconds. */
  get duration() {
    return Math.max(this.results.header?.source?.duration ?? this.playedDuration, this.results.lastTime);
  }

  /** JSON Lines as they were received. */
  get lines() {
    return new Blob(this.#parts, { type: "application/jsonl" });
  }

  get isBusy() {
    return this.state === "sending" || this.state === "working";
  }

  /** Sends the clip, or asks for the job's result, and reads what comes, to the end. */
  async work() {
    const [signal, onText] = [this.#abort.signal, (text) => this.#take(text)];
    try {
      if (this.job) await readClip(this.job, { signal, onText });
      else
        await requestClipResults(this.file, {
          query: { ...this.query, ...this.movement },
          duration: this.playedDuration,
          signal,
          onProgress: (progress) => this.#tell("computing" in progress ? "working" : "sending", progress),
          onText,
        });
      // Of a job that died there is what was done until then.
      if (!this.problem && !this.#isEnded && !this.job) throw new Problem("brokenOff");
      this.#tell(this.problem ? "failed" : "done");
    } catch (error) {
      if (this.#abort.signal.aborted) return this.#tell("cancelled");
      this.problem ??= describe(error);
      this.#tell("failed");
    }
  }

  /** Ends the request; the service stops working on it. */
  cancel() {
    this.#abort.abort();
  }

  /** Lets go of the file's memory. */
  forget() {
    this.cancel();
    if (this.url) URL.revokeObjectURL(this.url);
  }

  #take(text) {
    this.#parts.push(new Blob([text]));
    for (const line of this.#splitter.add(text)) {
      const said = readLine(line);
      if (!said) throw new Problem("other", line.slice(0, 200));
      if (said.kind === "header") this.results.header = said.value;
      else if (said.kind === "result") this.results.add(said.value);
      else if (said.kind === "end") this.#isEnded = true;
      else this.problem = describe(clipProblem(said.value));
    }
    this.#tell("working", this.#work());
  }

  /** How far the work is, by the time of the last frame, and how long it may still take. */
  #work() {
    const { results, duration } = this;
    if (!results.frameCount || !duration) return {};
    this.#started ??= { at: performance.now(), time: results.lastTime };
    const seconds = (performance.now() - this.#started.at) / 1000;
    const speed = (results.lastTime - this.#started.time) / seconds;
    const part = Math.min((results.lastTime + results.interval) / duration, 1);
    return { part, left: seconds > leastSeconds && speed > 0 ? Math.max(duration - results.lastTime, 0) / speed : undefined };
  }

  #tell(state, progress = {}) {
    Object.assign(this, { state, progress });
    this.onChange(this);
  }
}
