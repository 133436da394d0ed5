// How large the frames are and which model looks at them: chosen by what the machine does with them, or by the reader.

/** From the quickest to the best: the longer side in pixels, the model's complexity. */
const ladder = [
  { side: 320, complexity: 0 }, { side: 480, complexity: 0 }, { side: 480, complexity: 1 }, { side: 640, complexity: 1 },
  { side: 960, complexity: 1 },
];
// The heavy model is left to the reader: it takes three times as long from everybody who shares the service.
/** Milliseconds from frame to frame that are enough, however quick the camera is. */
const leastInterval = 1000 / 30;
/** Results that a new step takes to settle; then milliseconds and results that it is judged by. */
const [settling, span, least] = [3, 1500, 8];
/** After a step that was too much, milliseconds before it is tried again. */
const patience = 60_000;

/** Climbs while frames come as fast as the camera gives them with time to spare, and steps down while they don't. */
export class Quality {
  #steps = ladder;
  #at = 0;
  /** Of this step: results, when its judging began, and the milliseconds that the service worked. */
  #count = 0;
  #since = 0;
  #works = [];
  /** The step that was too much, and when. */
  #tooMuch = { step: Infinity, time: -Infinity };

  /** What holds now: `{ side, complexity }`. */
  get now() {
    return this.#steps[this.#at];
  }

  /** What the reader wants: `side` and `complexity`, each a number, or undefined for automatic. */
  choose(chosen) {
    const given = Object.fromEntries(Object.entries(chosen).filter(([, value]) => value !== undefined));
    const before = this.now;
    const steps = ladder.map((step) => JSON.stringify({ ...step, ...given }));
    this.#steps = [...new Set(steps)].map((step) => JSON.parse(step));
    const same = this.#steps.findIndex(({ side, complexity }) => side === before.side && complexity === before.complexity);
    this.#step(Math.max(same, 0));
    this.#tooMuch = { step: Infinity, time: -Infinity };
  }

  /**
   * Takes note of a result at a time, for which the service worked so long; both in milliseconds, and `interval` is the camera's, from
   * frame to frame. Returns whether another quality holds from now on.
   */
  note(time, work, interval) {
    this.#count += 1;
    if (this.#count <= settling) {
      this.#since = time;
      return false;
    }
    this.#works.push(work);
    const taken = time - this.#since;
    if (taken < span || this.#works.length < least) return false;
    const wanted = Math.max(interval, leastInterval);
    const mean = taken / this.#works.length;
    const usual = this.#works.sort((a, b) => a - b)[this.#works.length >> 1];
    if (mean > 1.6 * wanted && this.#at > 0) {
      this.#tooMuch = { step: this.#at, time };
      return this.#step(this.#at - 1);
    }
    const isAllowed = this.#at + 1 < this.#tooMuch.step || time - this.#tooMuch.time > patience;
    const isEasy = mean < 1.25 * wanted && usual < 0.45 * wanted;
    if (isEasy && isAllowed && this.#at + 1 < this.#steps.length) return this.#step(this.#at + 1);
    // Judged anew.
    [this.#since, this.#works] = [time, []];
    return false;
  }

  #step(at) {
    [this.#at, this.#count, this.#works] = [at, 0, []];
    return true;
  }
}
