// What the page knows of one job.
import { Pace } from "./job-pace.js";

/** A tab that sends a job and has not said so for longer is gone. Milliseconds: browsers wake hidden tabs once a minute. */
const longestSilence = 90_000;

/**
 * One job. `key` is what its request was named, `id` what the service calls it; `kind` is `photos`, `archive` or `video`, undefined if nobody
 * told; `name` that of the (first) file, `count` how many there were, `time` when it was handed over.
 */
export class Job {
  key;
  id;
  kind;
  name = "";
  count;
  time = 0;
  /** What is made: `landmarks` or `drawings`. */
  make;
  /** Tells a hand-over that broke off, and when the tab that sends it last said so. */
  mark;
  alive = 0;
  /** What the service told last. */
  told = undefined;
  /** While it is sent: `{ abort, progress }`. */
  sending = undefined;
  /** Why it could not be sent, or asked for. */
  problem = undefined;
  isGone = false;
  /** While this page is open: what was handed over, with which settings. */
  files = undefined;
  query = undefined;
  pace = new Pace();

  constructor(entry) {
    this.take(entry);
  }

  /** What is kept in the browser. */
  get entry() {
    const { key, id, kind, name, count, time, make, mark, alive } = this;
    return id ? { key, id, kind, name, count, time } : { key, kind, name, count, time, make, mark, alive };
  }

  take({ key, id, kind, name, count, time, make, mark, alive = 0 }) {
    Object.assign(this, { key, id, kind, name, count, time, make, mark, alive });
  }

  /** The service's word, `cancelling` until a cancelled job has ended, or `sending`, `elsewhere` (another tab sends it), `unsent`, `gone`, and `unknown` until the service was asked. */
  get state() {
    if (this.sending) return "sending";
    if (this.isGone) return "gone";
    if (this.told?.state === "cancelled" && !this.told.ended) return "cancelling";
    if (this.id) return this.told?.state ?? "unknown";
    return Date.now() - this.alive < longestSilence ? "elsewhere" : "unsent";
  }

  /** Whether the service has it and goes on with it. */
  get isOpen() {
    return ["queued", "running", "cancelling"].includes(this.state);
  }

  /** Notes how far it is now; it goes on from before, or begins anew. */
  measure(goesOn) {
    if (!goesOn) this.pace = new Pace();
    const { done, total } = this.progress ?? {};
    if (this.state === "running" && total) this.pace.note(done, total, performance.now());
  }

  /** Of a job that was handed over elsewhere, only what the service tells says so. */
  get isVideo() {
    return this.kind ? this.kind === "video" : this.told?.progress.duration !== undefined;
  }

  /** Whether it ended without all that was wanted. */
  get isUnfinished() {
    return ["failed", "dead", "cancelled", "unsent"].includes(this.state);
  }

  /** How far it is, `{ done, total, isTime }` in items or seconds; undefined while that isn't known. */
  get progress() {
    const { items, ended, seconds, duration } = this.told?.progress ?? {};
    // The last seconds of a video that is done may not have been told.
    const passed = this.state === "done" ? duration : Math.min(seconds ?? 0, duration);
    if (this.isVideo && duration > 0) return { done: passed, total: duration, isTime: true };
    if (!this.isVideo && items > 0) return { done: ended ?? 0, total: items, isTime: false };
    return undefined;
  }
}
