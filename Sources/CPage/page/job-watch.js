// Keeps the page up to date about open jobs while somebody may look: by the service's events where that is quick, else by asking.
import { followJob, listJobs } from "./job-requests.js";
import { jobs } from "./jobs.js";
import { section } from "./sections.js";
import { accessKey } from "./service.js";

/** Of an access key's jobs, the newest are shown. */
const mostListed = 200;
/** Browsers keep few connections to a host, for all of its tabs together. */
const mostStreams = 2;
/** So many are asked for in one round, and at once: a round stays short with hundreds of jobs. */
const [mostAsked, atOnce] = [60, 3];
/** Milliseconds from round to round: with the list in view, and with another tab. */
const [nearPause, farPause] = [2_000, 10_000];
/** A stream that tells nothing for so long may be held up on its way. */
const longestSilence = 5_000;
/** While the service can't be reached each round waits twice as long, up to this. */
const longestPause = 15_000;

export class JobWatch {
  #streams = new Map();
  #heard = new Map();
  #asked = new Map();
  #timer;
  #failures = 0;
  #isAsking = false;
  /** Whether the service is known to want no key. */
  #isOpen = false;
  #onProblem;

  /** `onProblem` gets what hinders now, undefined when nothing does any more. */
  constructor({ onProblem }) {
    this.#onProblem = onProblem;
    document.addEventListener("visibilitychange", () => this.look());
  }

  /** Asks at once, and from now on. */
  look() {
    clearTimeout(this.#timer);
    if (document.hidden) return this.#endStreams();
    this.#round();
  }

  async #round() {
    if (this.#isAsking) return;
    this.#isAsking = true;
    try {
      await this.#ask();
      this.#failures = 0;
      this.#onProblem(undefined);
      this.#follow();
    } catch (problem) {
      this.#failures += 1;
      this.#endStreams();
      this.#onProblem(problem);
    }
    this.#isAsking = false;
    if (document.hidden) return;
    const pause = section() === "jobs" ? nearPause : farPause;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#round(), this.#failures ? Math.min(pause * 2 ** this.#failures, longestPause) : pause);
  }

  /** With a key its list tells all; without, each is asked for by its id, those that were asked longest ago first. */
  async #ask() {
    if (accessKey()) jobs.hearAll(await listJobs(mostListed), mostListed);
    else await this.#learnWhetherOpen();
    const now = performance.now();
    const listed = new Set(accessKey() ? jobs.all.filter(({ told }) => told).map(({ id }) => id) : []);
    const isDue = (job) =>
      job.state === "unknown" || (job.isOpen && !listed.has(job.id) && now - (this.#heard.get(job.id) ?? -Infinity) > longestSilence);
    const due = jobs.all.filter(isDue).sort((one, other) => (this.#asked.get(one.id) ?? 0) - (this.#asked.get(other.id) ?? 0));
    const waiting = due.slice(0, mostAsked);
    const askNext = async () => {
      for (let job = waiting.shift(); job; job = waiting.shift()) {
        this.#asked.set(job.id, performance.now());
        await jobs.refresh(job);
      }
    };
    await Promise.all(Array.from({ length: atOnce }, askNext));
  }

  /** A service that wants a key says so before anything is handed over. */
  async #learnWhetherOpen() {
    if (this.#isOpen || section() !== "jobs") return;
    await listJobs(1);
    this.#isOpen = true;
  }

  /** Streams for those that are worked on, then for those that come next. */
  #follow() {
    const isNear = section() === "jobs" && !document.hidden;
    const open = isNear ? jobs.all.filter(({ isOpen }) => isOpen).reverse() : [];
    const wanted = new Set([...open.filter(({ state }) => state === "running"), ...open].map(({ id }) => id).slice(0, mostStreams));
    for (const [id, abort] of this.#streams) if (!wanted.has(id)) abort.abort();
    for (const id of wanted) if (!this.#streams.has(id)) this.#stream(id);
  }

  async #stream(id) {
    const abort = new AbortController();
    this.#streams.set(id, abort);
    try {
      await followJob(id, {
        signal: abort.signal,
        onJob: (told) => {
          this.#heard.set(id, performance.now());
          jobs.hear(told);
        },
      });
    } catch {
      // A stream only makes it quicker: rounds go on, and tell what is wrong.
    }
    this.#heard.delete(id);
    // Another one may have taken its place.
    if (this.#streams.get(id) === abort) this.#streams.delete(id);
  }

  #endStreams() {
    for (const abort of this.#streams.values()) abort.abort();
  }
}
