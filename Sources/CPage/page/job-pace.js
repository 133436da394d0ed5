// How long a job still takes, by how fast it went while this page looked on.

/** Milliseconds that count, and at least this long, and so many steps, before anything is said. */
const [window, leastTime, leastSteps] = [60_000, 5_000, 3];

export class Pace {
  #samples = [];

  /** So much of `total` is done at `now`. */
  note(done, total, now) {
    const last = this.#samples.at(-1);
    // Begun anew, or of another size: what was measured says nothing of it.
    if (last && (done < last.done || total !== last.total)) this.#samples = [];
    if (this.#samples.at(-1)?.done !== done) this.#samples.push({ done, total, at: now });
    const old = this.#samples.findLastIndex(({ at }) => at < now - window);
    if (old > 0) this.#samples.splice(0, old);
  }

  /** Seconds; undefined until enough was seen, and when nothing moves any more. */
  left(now) {
    const [first, last] = [this.#samples[0], this.#samples.at(-1)];
    if (this.#samples.length < leastSteps || last.at - first.at < leastTime) return undefined;
    const step = (last.at - first.at) / (this.#samples.length - 1);
    if (now - last.at > Math.max(10 * step, leastTime)) return undefined;
    const speed = (last.done - first.done) / (last.at - first.at);
    return Math.max((last.total - last.done) / speed - (now - last.at), 0) / 1000;
  }
}
