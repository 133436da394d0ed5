// The jobs that this browser handed over, and those of the access key: what is known of each, and what can be done with it.
import { Job } from "./job.js";
import { dropJob, keepJob, keptJobs, whenKeptElsewhere } from "./job-memory.js";
import { cancelJob, forgetJob, getJob, retryJob } from "./job-requests.js";
import { markOf, newKey, sendJob } from "./job-upload.js";
import { describe } from "./service.js";

/** A tab that sends a job says so this often, in milliseconds. */
const lifeSign = 5_000;

class Jobs {
  #jobs = new Map();
  #listeners = [];
  /** Files are sent one hand-over after another. */
  #queue = Promise.resolve();

  constructor() {
    for (const entry of keptJobs()) this.#jobs.set(entry.key, new Job(entry));
    whenKeptElsewhere((key, entry) => this.#hear(key, entry));
    addEventListener("pagehide", () => this.#fallSilent());
  }

  /** The newest first. */
  get all() {
    return [...this.#jobs.values()].sort((one, other) => other.time - one.time);
  }

  /** Those that something is still done for. */
  get openCount() {
    return this.all.filter((job) => job.isOpen || job.state === "sending" || job.state === "elsewhere").length;
  }

  /** Calls `listener` after each change, with the job, undefined where several changed or one came or went. */
  whenChanged(listener) {
    this.#listeners.push(listener);
  }

  /** The hand-over of the same files that broke off, if there is one. */
  unsentLike(files) {
    const mark = markOf(files);
    return this.all.find((job) => job.state === "unsent" && job.mark === mark);
  }

  /** Hands files over with these settings; `kind` and `make` as of a Job. */
  handOver({ kind, files, make, query }) {
    const entry = { key: newKey(), kind, name: files[0].name, count: files.length, time: Date.now(), make, mark: markOf(files) };
    const job = this.unsentLike(files) ?? new Job(entry);
    this.#jobs.set(job.key, Object.assign(job, { files, query }));
    this.resend(job);
    return job;
  }

  /** Sends what is still there of a hand-over that broke off. */
  resend(job) {
    this.#keep(job, { sending: { abort: new AbortController(), progress: {} }, problem: undefined, alive: Date.now() });
    this.#tell();
    this.#queue = this.#queue.then(() => this.#send(job));
  }

  async #send(job) {
    const { sending, sending: { abort } } = job;
    const showLife = () => abort.signal.aborted || this.#keep(job, { alive: Date.now() });
    const signs = setInterval(showLife, lifeSign);
    showLife();
    const onProgress = (progress) => {
      sending.progress = progress;
      this.#tell(job);
    };
    try {
      abort.signal.throwIfAborted();
      const told = await sendJob(job, { signal: abort.signal, onProgress });
      this.#keep(job, { id: told.id });
      // The list of the key may have been quicker.
      this.#jobs.delete(job.id);
      this.#take(job, told);
    } catch (error) {
      if (abort.signal.aborted) return;
      job.problem = describe(error);
    } finally {
      clearInterval(signs);
      job.sending = undefined;
    }
    if (!job.id) this.#keep(job, { alive: 0 });
    // The name was given to other bytes: these are a request of their own.
    if (job.problem?.code === "idempotency_key_reused") return this.#sendAnew(job);
    this.#tell(job);
  }

  #sendAnew(job) {
    this.#drop(job);
    this.#jobs.set((job.key = newKey()), job);
    this.resend(job);
  }

  /** Asks the service for a job. */
  async refresh(job) {
    try {
      this.#take(job, await getJob(job.id));
    } catch (error) {
      if (error.code !== "not_found") throw error;
      job.isGone = true;
    }
    this.#tell(job);
  }

  /** Ends the sending, or the work. */
  async cancel(job) {
    if (job.sending) {
      job.sending.abort.abort();
      return this.#drop(job);
    }
    await cancelJob(job.id);
    await this.refresh(job);
  }

  /** Sends it, or has the service run it once more; where that has let go of the files, they are handed over anew. */
  async retry(job) {
    if (!job.id) return this.resend(job);
    await this.refresh(job);
    // Another tab was quicker.
    if (!job.isUnfinished) return;
    try {
      this.#take(job, await retryJob(job.id));
    } catch (error) {
      if (error.code !== "not_retryable" || !job.files) throw error;
      this.handOver(job);
    }
    this.#tell(job);
  }

  /** Removes it here, and from the service with its results. */
  async forget(job) {
    if (!job.id || job.isGone || (await forgetJob(job.id))) this.#drop(job);
    else await this.refresh(job);
  }

  /** What the service told of one job, which may have been forgotten meanwhile. */
  hear(told) {
    const job = this.all.find(({ id }) => id === told.id);
    if (!job) return;
    this.#take(job, told);
    this.#tell(job);
  }

  /** The newest jobs of the access key, `most` were asked for: those that should be among them and aren't are gone. */
  hearAll(list, most) {
    for (const told of list) {
      if (!this.all.some(({ id }) => id === told.id)) this.#found(told);
      this.hear(told);
    }
    const ids = new Set(list.map(({ id }) => id));
    const oldest = list.length < most ? 0 : list.at(-1).created;
    for (const job of this.all) if (job.key === job.id && job.time > oldest && !ids.has(job.id)) this.#drop(job);
  }

  /** One of the access key's, handed over elsewhere: the service keeps it, the browser needn't. */
  #found({ id, created, name = "", source, progress }) {
    const kind = { photos: "photos", archive: "archive", video: "video" }[source];
    // An archive or a folder is one thing, however much is in it.
    const count = source === "photos" ? progress.items : 1;
    this.#jobs.set(id, new Job({ key: id, id, kind, name, count, time: created }));
    this.#tell();
  }

  #take(job, told) {
    const wasOpen = job.isOpen;
    Object.assign(job, { told, problem: undefined, isGone: false });
    job.measure(wasOpen);
  }

  #keep(job, changes) {
    Object.assign(job, changes);
    keepJob(job.entry);
  }

  #drop(job) {
    this.#jobs.delete(job.key);
    dropJob(job.key);
    this.#tell();
  }

  /** Another tab kept or dropped one. */
  #hear(key, entry) {
    const job = this.#jobs.get(key);
    if (entry?.id) this.#jobs.delete(entry.id);
    if (!entry) this.#jobs.delete(key);
    else if (!job) this.#jobs.set(key, new Job(entry));
    else if (!job.sending) job.take(entry);
    this.#tell();
  }

  /** The page is left: nobody need wait for a sign of life. */
  #fallSilent() {
    for (const job of this.all) if (job.sending) this.#keep(job, { alive: 0 });
  }

  #tell(job) {
    for (const listener of this.#listeners) listener(job);
  }
}

export const jobs = new Jobs();
