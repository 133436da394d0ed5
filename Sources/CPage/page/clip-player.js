// The clip in the page, and which of its frames is on the screen.

/** Plays a clip in a `<video>`; tells at every change which frame of the results belongs to what is seen. */
export class ClipPlayer {
  #video;
  #results;
  #onFrame;
  #frame = -1;
  /** The time of the frame that was last given to the screen, as the file has it, and when. */
  #presented;
  /** The frame that is on its way to the screen. */
  #target;
  /** Where to jump when the jump that is under way has arrived: a browser may never arrive at one of many. */
  #next;

  /** `onFrame` gets the place of the frame on the screen (-1 for one without a result) and the time in seconds; `onState` changes of playing. */
  constructor({ video, onFrame, onState }) {
    this.#video = video;
    this.#onFrame = onFrame;
    for (const name of ["play", "pause", "ended", "ratechange"]) video.addEventListener(name, onState);
    video.addEventListener("play", () => requestAnimationFrame(() => this.#tick()));
    video.addEventListener("seeked", () => this.#settle());
    video.addEventListener("loadeddata", () => this.#settle());
    video.addEventListener("ended", () => this.#settle());
    this.#listen();
  }

  /** Another clip, by its URL, undefined for one that can't be seen; from now on frames are those of these results. */
  show(url, results) {
    this.#results = results;
    this.#presented = this.#target = this.#next = undefined;
    if (url) {
      if (this.#video.src !== url) this.#video.src = url;
      return;
    }
    this.#video.removeAttribute("src");
    this.#video.load();
  }

  get time() {
    return this.#next ?? this.#video.currentTime;
  }

  get isPlaying() {
    return !this.#video.paused && !this.#video.ended;
  }

  get frame() {
    return this.#frame;
  }

  toggle() {
    if (this.isPlaying) this.#video.pause();
    // A browser may refuse to play; then it stays paused.
    else this.#video.play().catch(() => {});
  }

  pause() {
    this.#video.pause();
  }

  set speed(value) {
    this.#video.playbackRate = value;
  }

  seek(time) {
    this.#presented = this.#target = undefined;
    if (this.#video.seeking) this.#next = time;
    else this.#video.currentTime = time;
    this.#tell(time);
  }

  /** Goes so many frames of the results on or back, and stays there. */
  step(count) {
    this.pause();
    const { frameCount } = this.#results;
    if (!frameCount) return;
    const from = this.#target ?? (this.#frame >= 0 ? this.#frame : this.#results.frameBegunAt(this.time));
    this.goTo(Math.min(Math.max(from + count, 0), frameCount - 1));
  }

  /** Shows a frame of the results. */
  goTo(frame) {
    this.seek(this.#results.timeWithin(frame));
    this.#target = frame;
  }

  /** Looks again which frame belongs to the picture: results may have come. */
  refresh() {
    this.#tell(this.time);
  }

  /** The browser tells the exact time of each frame that it gives to the screen, where it can. */
  #listen() {
    this.#video.requestVideoFrameCallback?.((_, { mediaTime }) => {
      this.#presented = { mediaTime, at: performance.now() };
      this.#tell(this.time, this.#results?.frameNearest(mediaTime));
      this.#listen();
    });
  }

  /** While the clip plays: of a hidden video the browser may tell nothing. */
  #tick() {
    if (!this.isPlaying) return;
    this.#tell(this.time);
    requestAnimationFrame(() => this.#tick());
  }

  /** After a jump the frame may be the one that was there before, of which nothing is told. */
  #settle() {
    if (this.#video.seeking) return;
    if (this.#next !== undefined) {
      this.#video.currentTime = this.#next;
      this.#next = undefined;
      return;
    }
    this.#target = undefined;
    this.#tell(this.time);
  }

  /** Until a jump has arrived, the frame is the one that is still seen. */
  #tell(time, frame = this.#video.seeking ? this.#frame : this.#frameAt(time)) {
    if (!this.#results) return;
    this.#frame = frame;
    this.#onFrame(frame, time);
  }

  /** Of a hidden video nothing is told: what was told last is then not what plays now. */
  #isPresentedNow(time) {
    if (!this.#presented) return false;
    const { interval } = this.#results;
    const { mediaTime, at } = this.#presented;
    if (!this.isPlaying) return Math.abs(time - mediaTime) < 2 * interval;
    return performance.now() - at < (1000 * interval) / this.#video.playbackRate + 150;
  }

  #frameAt(time) {
    if (this.#isPresentedNow(time)) return this.#results.frameNearest(this.#presented.mediaTime);
    const { frameCount, interval } = this.#results;
    const begun = this.#results.frameBegunAt(time);
    const isOver = begun === frameCount - 1 && time - this.#results.time(begun) > 2 * interval;
    return isOver ? -1 : begun;
  }
}
